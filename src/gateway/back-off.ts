import { setTimeout } from 'node:timers/promises';

/** Waits before the attempt with this number, from 0. Rejects when the signal is aborted. */
export type BackOff = (attempt: number, signal: AbortSignal) => Promise<void>;

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** Doubles from 0.1 to 10 seconds, each spread over half its length so that many clients do not come at once. */
export const defaultBackOff: BackOff = async (attempt, signal) => {
  const longest = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  await setTimeout(longest * (0.5 + Math.random() / 2), undefined, { signal });
};
