import type { Clock } from '../core/clock.ts';
import { forgetOldest } from './attempt-limit.ts';

/** How often something may be done: so often at once, and so often in the time that follows. */
export interface Rate {
  readonly count: number;
  readonly perSeconds: number;
}

/** Counts what is done by whom. */
export interface RateLimit {
  /** Seconds to wait before it may be done; 0 where it was counted and may be done now. */
  take(key: string, rate: Rate): number;
}

/** Those who did something least recently are forgotten first. */
const MAX_KEYS = 10_000;

/**
 * The generic cell rate algorithm (ITU-T I.371): one number a key, the moment at which all that was done would have
 * been done at an even pace. Constant time and memory.
 */
export function createRateLimit(clock: Clock): RateLimit {
  const evenPace = new Map<string, number>();
  return {
    take(key, { count, perSeconds }) {
      const now = clock.now();
      const step = (perSeconds * 1000) / count;
      const next = Math.max(evenPace.get(key) ?? 0, now) + step;
      const tooEarly = next - now - perSeconds * 1000;
      // Rounding of fractions is not to cost anybody a request.
      if (tooEarly > 1e-6) return Math.max(1, Math.ceil(tooEarly / 1000));
      evenPace.delete(key);
      evenPace.set(key, next);
      forgetOldest(evenPace, MAX_KEYS);
      return 0;
    },
  };
}
