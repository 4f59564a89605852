import { monotonicFactory } from 'ulid';

/** Makes identifiers that sort by the moment they were made, also within one millisecond. */
export interface Ids {
  next(): string;
}

/** ULIDs: 48 bits of time and 80 of randomness in 26 characters. */
export function ulids(now: () => number = Date.now): Ids {
  const next = monotonicFactory();
  return { next: () => next(now()) };
}

/** Predictable identifiers for tests: `prefix-000001`, `prefix-000002`, … */
export function countedIds(prefix = 'id'): Ids {
  let count = 0;
  return { next: () => `${prefix}-${String(++count).padStart(6, '0')}` };
}
