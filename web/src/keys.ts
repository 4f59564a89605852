import { signal } from '@preact/signals';

/** A key that works on the whole page. */
export interface Shortcut {
  /** `mod+k` (Ctrl, or Cmd on a Mac), `?`, `g m` (one after the other). */
  readonly keys: string;
  readonly about: string;
  readonly group?: string;
  /** Also while a text is being written. Those with `mod` always do. */
  readonly whileTyping?: boolean;
  run(event: KeyboardEvent): void;
}

export const shortcuts = signal<readonly Shortcut[]>([]);

/** Registers keys; returns what removes them. The shortcut sheet (`?`) lists them. */
export function bindKeys(added: readonly Shortcut[]): () => void {
  shortcuts.value = [...shortcuts.peek(), ...added];
  return () => {
    shortcuts.value = shortcuts.peek().filter((one) => !added.includes(one));
  };
}

const SEQUENCE_MS = 900;
let before = { key: '', at: 0 };

export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = nameOf(event);
    const sequence = event.timeStamp - before.at < SEQUENCE_MS ? `${before.key} ${pressed}` : pressed;
    before = { key: pressed, at: event.timeStamp };
    const typing = isTyping(event);
    const found = shortcuts
      .peek()
      .findLast(({ keys, whileTyping }) =>
        keys === sequence || keys === pressed ? !typing || whileTyping || keys.includes('mod+') : false,
      );
    if (!found) return;
    event.preventDefault();
    found.run(event);
  });
}

function nameOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? 'mod+' : ''}${altKey ? 'alt+' : ''}${name}`;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

const NAMES: Readonly<Record<string, string>> = {
  mod: IS_MAC ? '⌘' : 'Ctrl',
  alt: IS_MAC ? '⌥' : 'Alt',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
};

/** As people read it: `Ctrl K`. */
export function keyLabels(keys: string): readonly string[] {
  return keys.split(/[+ ]/).map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}
