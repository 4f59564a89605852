export interface Siblings {
  readonly before: string | undefined;
  readonly behind: string | undefined;
}

/**
 * The documents before and behind a document, whether or not they exist, where it is one of a series whose names differ in
 * their last number only: `turn-11` and `turn-12`, `2026-03-04` and `2026-03-05`.
 */
export function siblingsOf(path: string): Siblings {
  return { before: sibling(path, -1), behind: sibling(path, 1) };
}

const LAST_NUMBER = /(\d{1,9})([^\d/]*)$/;

function sibling(path: string, step: number): string | undefined {
  const [, digits, ending] = LAST_NUMBER.exec(path) ?? [];
  if (digits === undefined || ending === undefined) return undefined;
  const next = Number(digits) + step;
  if (next < 0) return undefined;
  const stem = path.slice(0, path.length - digits.length - ending.length);
  const padded = digits.startsWith('0') ? String(next).padStart(digits.length, '0') : String(next);
  return `${stem}${padded}${ending}`;
}
