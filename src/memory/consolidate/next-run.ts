/// <reference lib="esnext.temporal" />

/** When nobody is likely to talk, in the user's zone; a run may begin so long after it. */
const HOUR = { hour: 3, minute: 30 } as const;
const WINDOW_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;

/**
 * How long it is until memory should be tidied, in milliseconds; 0: now. Once a night, and as soon as possible where
 * that was missed: the last time is more than a day ago, or there was none.
 *
 * @param now milliseconds since the Unix epoch, as is `last`
 * @param timezone IANA
 */
export function untilNextRun(now: number, last: number | undefined, timezone: string): number {
  if (last === undefined || now - last >= DAY_MS) return 0;
  const [before, after] = hoursAround(now, timezone);
  if (last < before && now - before < WINDOW_MS) return 0;
  return Math.max(1, Math.min(after, last + DAY_MS) - now);
}

/** The hour last come, and the next. */
function hoursAround(now: number, timezone: string): readonly [number, number] {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  const today = here.withPlainTime(HOUR);
  const hasCome = today.epochMilliseconds <= now;
  const before = hasCome ? today : today.subtract({ days: 1 });
  return [before.epochMilliseconds, before.add({ days: 1 }).epochMilliseconds];
}
