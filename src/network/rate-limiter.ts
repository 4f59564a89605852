import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';

export interface RateLimits {
  readonly perMinute: number;
  readonly perHour: number;
}

export interface RateRefusal {
  /** When the next one will be let through, if nobody else is first. */
  readonly retryAfterMs: number;
  readonly message: string;
}

export interface RateLimiter {
  /** Takes one from the rate of `key`, or says how long to wait. What is refused does not count. */
  take(key: string, limits: RateLimits): Result<void, RateRefusal>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The moments of what was let through, oldest first. Those before the two heads have left their window. */
interface Log {
  readonly times: number[];
  hourHead: number;
  minuteHead: number;
}

/**
 * Exact sliding windows of a minute and an hour. A take costs O(1) on average. A key holds at most about twice
 * `perHour` numbers and is forgotten an hour after its last take; two old keys go with every new take.
 */
export function createRateLimiter(clock: Clock): RateLimiter {
  const logs = new Map<string, Log>();
  return {
    take(key, limits) {
      const now = clock.now();
      forgetIdle(logs, now);
      const log = logs.get(key) ?? { times: [], hourHead: 0, minuteHead: 0 };
      advance(log, now);
      const retryAfterMs = waitFor(log, limits, now);
      if (retryAfterMs > 0) return err({ retryAfterMs, message: refusalText(retryAfterMs, limits) });
      log.times.push(now);
      // Anew, so that the map stays in the order of last takes.
      logs.delete(key);
      logs.set(key, log);
      return ok(undefined);
    },
  };
}

function advance(log: Log, now: number): void {
  // A clock that was set back would lock the key until it has caught up; a short burst does less harm.
  if ((log.times.at(-1) ?? now) > now) clear(log);
  const { times } = log;
  while ((times[log.hourHead] ?? now) <= now - HOUR_MS) log.hourHead++;
  while ((times[log.minuteHead] ?? now) <= now - MINUTE_MS) log.minuteHead++;
  if (log.hourHead * 2 > times.length) compact(log);
}

function clear(log: Log): void {
  log.times.length = 0;
  log.hourHead = 0;
  log.minuteHead = 0;
}

function compact(log: Log): void {
  log.times.splice(0, log.hourHead);
  log.minuteHead -= log.hourHead;
  log.hourHead = 0;
}

function waitFor(
  { times, hourHead, minuteHead }: Log,
  { perMinute, perHour }: RateLimits,
  now: number,
): number {
  return Math.max(
    windowWait(times, minuteHead, perMinute, MINUTE_MS, now),
    windowWait(times, hourHead, perHour, HOUR_MS, now),
  );
}

/** Milliseconds until fewer than `limit` are left in the window that begins at `head`. */
function windowWait(
  times: readonly number[],
  head: number,
  limit: number,
  windowMs: number,
  now: number,
): number {
  if (limit <= 0) return windowMs;
  if (times.length - head < limit) return 0;
  const leaving = times[times.length - limit];
  return leaving === undefined ? 0 : leaving + windowMs - now;
}

const refusalText = (retryAfterMs: number, { perMinute, perHour }: RateLimits): string =>
  `Too many requests: ${perMinute} a minute and ${perHour} an hour are allowed. Wait ${Math.ceil(retryAfterMs / 1000)} s.`;

function forgetIdle(logs: Map<string, Log>, now: number): void {
  let looked = 0;
  for (const [key, { times }] of logs) {
    if (looked++ === 2 || (times.at(-1) ?? 0) > now - HOUR_MS) return;
    logs.delete(key);
  }
}
