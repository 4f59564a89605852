import {
  type ClockTime,
  type DailySpan,
  endOfSpan,
  lastClockTime,
  nextClockTime,
} from '../core/clock-times.ts';

/** When the assistant looks by itself whether something needs attention. */
export interface HeartbeatTimes {
  readonly enabled: boolean;
  readonly everyMs: number;
  /** Once a day at this time instead. */
  readonly dailyAt?: ClockTime;
  readonly quiet?: DailySpan;
}

export type Due =
  /** `dueAt` names the beat: it is the same for everybody who looks until the next one is due. */
  | { readonly kind: 'due'; readonly dueAt: number; readonly nextAt: number }
  | { readonly kind: 'later'; readonly at: number };

/** The longest time between two looks: settings may change meanwhile. */
const LONGEST_MS = 1_800_000;

/** @param now milliseconds since the Unix epoch, as are all times here */
export function whenDue(times: HeartbeatTimes, now: number, timezone: string): Due {
  const { enabled, everyMs, dailyAt, quiet } = times;
  const soon = (at: number): Due => ({ kind: 'later', at: Math.min(at, now + LONGEST_MS) });
  if (!enabled) return soon(Number.POSITIVE_INFINITY);
  const quietUntil = quiet && endOfSpan(now, quiet, timezone);
  if (quietUntil !== undefined) return soon(quietUntil);
  if (dailyAt !== undefined) {
    const nextAt = nextClockTime(now, dailyAt, timezone);
    return { kind: 'due', dueAt: lastClockTime(now, dailyAt, timezone), nextAt };
  }
  const dueAt = Math.floor(now / everyMs) * everyMs;
  return { kind: 'due', dueAt, nextAt: dueAt + everyMs };
}

const LONGEST_BACK_OFF_MS = 6 * 3_600_000;

/** From a failed beat to the next: twice as long with each failure, up to six hours. */
export function backOffMs({ everyMs, dailyAt }: HeartbeatTimes, failures: number): number {
  if (dailyAt !== undefined) return LONGEST_BACK_OFF_MS;
  return Math.min(Math.max(LONGEST_BACK_OFF_MS, everyMs), everyMs * 2 ** (failures - 1));
}
