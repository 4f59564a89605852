import { type ClockTime, type DailySpan, endOfSpan, nextClockTime } from '../core/clock-times.ts';
import type { NotificationKind } from '../core/notifications.ts';

/**
 * How something is told:
 * - `urgent`: at once, whatever the hour;
 * - `now`: at once, outside of quiet hours;
 * - `digest`: once a day, with all else that waits for that;
 * - `off`: not at all.
 */
export type Urgency = 'urgent' | 'now' | 'digest' | 'off';

export interface NotifyRule {
  /** `job.failed`, `job.*` or `*`. */
  readonly kind: string;
  /** Only what would be told on this channel; absent: wherever it would be. */
  readonly channel?: string;
  readonly how: Urgency;
  /** The channel on which it is told, in the conversation there that was active last; absent: where it belongs. */
  readonly to?: string;
}

/** When and how the user wants to be told what they did not ask for just now. The first rule that fits decides. */
export interface NotifyPolicy {
  readonly rules: readonly NotifyRule[];
  readonly quiet?: DailySpan;
  readonly digestAt: ClockTime;
  /** What comes within so long after something of its kind was told is told as one, in milliseconds. */
  readonly gatherMs: number;
  /** IANA. */
  readonly timezone: string;
}

/** Somebody waits for an answer. */
const URGENT: ReadonlySet<NotificationKind> = new Set<NotificationKind>(['job.asks']);

export interface Handling {
  readonly how: Urgency;
  readonly to?: string;
}

/** @param channel on which it would be told */
export function handlingOf(
  { rules }: NotifyPolicy,
  kind: NotificationKind,
  channel: string | undefined,
): Handling {
  const rule = rules.find((one) => fits(one.kind, kind) && (!one.channel || one.channel === channel));
  return rule ?? { how: URGENT.has(kind) ? 'urgent' : 'now' };
}

const fits = (pattern: string, kind: string): boolean =>
  pattern === '*' || pattern === kind || (pattern.endsWith('.*') && kind.startsWith(pattern.slice(0, -1)));

/**
 * From when on it may be told, in milliseconds since the Unix epoch.
 *
 * @param at when it was written
 */
export function tellableFrom(policy: NotifyPolicy, how: Urgency, at: number, now: number): number {
  // Where the clock was set back, it was written in what is the future now.
  const written = Math.min(at, now);
  if (how === 'urgent') return written;
  const { timezone, digestAt, quiet } = policy;
  const due = how === 'digest' ? nextClockTime(written, digestAt, timezone) : written;
  const until = quiet && endOfSpan(Math.max(now, due), quiet, timezone);
  return until ?? due;
}
