import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** Makes identifiers that sort by the moment they were made, also within one millisecond. */
export interface Ids {
  next(): string;
}

/** ULIDs: 48 bits of time and 80 of randomness in 26 characters. */
export function ulids(now: () => number = Date.now): Ids {
  const next = monotonicFactory(randomFractions());
  return { next: () => next(now()) };
}

/**
 * Numbers from 0 to below 1, from the system's source of randomness. Fetched many at a time: an id takes sixteen, and
 * each visit costs as much as the rest of the id.
 */
function randomFractions(): () => number {
  const bytes = new Uint8Array(1024);
  let at = bytes.length;
  return () => {
    if (at === bytes.length) {
      randomFillSync(bytes);
      at = 0;
    }
    return (bytes[at++] ?? 0) / 256;
  };
}

/** Predictable identifiers for tests: `prefix-000001`, `prefix-000002`, … */
export function countedIds(prefix = 'id'): Ids {
  let count = 0;
  return { next: () => `${prefix}-${String(++count).padStart(6, '0')}` };
}
