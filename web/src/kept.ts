import { effect, type Signal, signal } from '@preact/signals';

/** A signal whose value outlives the page; `read` turns what is stored into a value, or into the default. */
export function kept<T>(key: string, read: (stored: unknown) => T): Signal<T> {
  const value = signal(read(load(key)));
  let first = true;
  effect(() => {
    const json = JSON.stringify(value.value);
    if (first) first = false;
    else store(key, json);
  });
  return value;
}

function load(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** A full or forbidden store costs the memory of it, not the page. */
function store(key: string, json: string | undefined): void {
  try {
    if (json === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, json);
  } catch {}
}
