import { computed, signal } from '@preact/signals';

/** Where the page is: the path and what follows `?`. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const href = signal(location.pathname + location.search);

export const place = computed<Place>(() => {
  const url = new URL(href.value, location.origin);
  return { path: url.pathname, query: url.searchParams };
});

/** Goes to an address of this page, `/memory?path=notes.md`, without loading it anew. */
export function go(to: string, { replace = false } = {}): void {
  if (to === href.peek()) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  href.value = to;
}

/** From now on links to this page's own addresses are followed without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    href.value = location.pathname + location.search;
  });
  document.addEventListener('click', (event) => {
    const to = ownAddress(event);
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
}

function ownAddress(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || hasModifier(event)) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download'))
    return undefined;
  if (link.origin !== location.origin || /^\/(api|v1|login)\b/.test(link.pathname)) return undefined;
  return link.pathname + link.search;
}

const hasModifier = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  metaKey || ctrlKey || shiftKey || altKey;
