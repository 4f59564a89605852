/** Where a chunk stands: the so-maniest of its document. */
export interface Place {
  readonly path: string;
  readonly number: number;
}

/** The key of a place. No path holds a line break. */
export const keyOf = ({ path, number }: Place): string => `${path}\n${number}`;

export interface Beside {
  readonly before: Place | undefined;
  readonly behind: Place | undefined;
}

/**
 * What comes before and behind a chunk, whether or not it exists: the chunks beside it; of a document that has but one,
 * the documents beside it in a series whose names differ in their last number only (`turn-11`, `turn-12`; `2026-03-04`).
 */
export function placesBeside(place: Place, isAlone: boolean): Beside {
  const at = (step: number) => (isAlone ? sibling(place.path, step) : chunkAt(place, step));
  return { before: at(-1), behind: at(1) };
}

function chunkAt({ path, number }: Place, step: number): Place | undefined {
  return number + step < 0 ? undefined : { path, number: number + step };
}

const LAST_NUMBER = /(\d{1,9})([^\d/]*)$/;

function sibling(path: string, step: number): Place | undefined {
  const [, digits, ending] = LAST_NUMBER.exec(path) ?? [];
  if (digits === undefined || ending === undefined) return undefined;
  const next = Number(digits) + step;
  if (next < 0) return undefined;
  const stem = path.slice(0, path.length - digits.length - ending.length);
  const padded = digits.startsWith('0') ? String(next).padStart(digits.length, '0') : String(next);
  return { path: `${stem}${padded}${ending}`, number: 0 };
}
