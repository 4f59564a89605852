import type { Clock } from '../core/clock.ts';

/** Counts failed logins by where they came from, and says when there were too many. */
export interface AttemptLimit {
  /** Seconds to wait before the next attempt is looked at; 0 where it may be made now. */
  waitSeconds(source: string): number;
  failed(source: string): void;
}

const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
const MAX_SOURCES = 1_000;

/** Ten failures a minute and source. The oldest source is forgotten when there are too many to remember. */
export function createAttemptLimit(clock: Clock): AttemptLimit {
  const failures = new Map<string, readonly number[]>();
  const recent = (source: string) =>
    (failures.get(source) ?? []).filter((at) => at > clock.now() - WINDOW_MS);

  return {
    waitSeconds(source) {
      const times = recent(source);
      const [oldest] = times;
      if (oldest === undefined || times.length < MAX_FAILURES) return 0;
      return Math.max(1, Math.ceil((oldest + WINDOW_MS - clock.now()) / 1000));
    },
    failed(source) {
      const times = [...recent(source), clock.now()].slice(-MAX_FAILURES);
      failures.delete(source);
      failures.set(source, times);
      forgetOldest(failures, MAX_SOURCES);
    },
  };
}

/** Maps iterate in insertion order, so the first key is the oldest. */
export function forgetOldest(map: Map<string, unknown>, keep: number): void {
  for (const key of map.keys()) {
    if (map.size <= keep) return;
    map.delete(key);
  }
}
