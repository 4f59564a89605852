import type { Backoff } from './child-spec.ts';

/**
 * The wait before a restart: exponential, with jitter so that many children of one cause do not come back at once.
 *
 * @param attempt restarts in a row before this one, from 0
 * @param random from 0 to below 1
 * @returns milliseconds
 */
export function backoffDelay(backoff: Required<Backoff>, attempt: number, random: () => number): number {
  const { initial, max, factor, jitter } = backoff;
  const wait = Math.min(initial * factor ** attempt, max);
  return Math.round(wait * (1 + jitter * (2 * random() - 1)));
}
