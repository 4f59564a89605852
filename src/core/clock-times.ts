/// <reference lib="esnext.temporal" />

/** Minutes since midnight. */
export type ClockTime = number;

/** Stretches of the day, each from one time to another; one that ends before it begins goes over midnight. */
export interface DailySpan {
  readonly from: ClockTime;
  readonly to: ClockTime;
}

const CLOCK_TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Of `7:30` or `07:30`; undefined where it is no time of the day. */
export function parseClockTime(text: string): ClockTime | undefined {
  const [, hour, minute] = CLOCK_TIME.exec(text.trim()) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** Of `22:00-07:00`; undefined where it is none, or empty. */
export function parseDailySpan(text: string): DailySpan | undefined {
  const [from, to, ...rest] = text.split('-').map(parseClockTime);
  return from === undefined || to === undefined || from === to || rest.length > 0 ? undefined : { from, to };
}

/**
 * When the clocks next show this time, in milliseconds since the Unix epoch; later than `now`. A time that the change of
 * clocks leaves out that day comes as much later.
 *
 * @param timezone IANA
 */
export function nextClockTime(now: number, time: ClockTime, timezone: string): number {
  const today = onDayOf(now, time, timezone);
  const next = today.epochMilliseconds > now ? today : dayAfter(today, time, 1);
  return next.epochMilliseconds;
}

/** When the clocks last showed this time; `now` itself counts. */
export function lastClockTime(now: number, time: ClockTime, timezone: string): number {
  const today = onDayOf(now, time, timezone);
  const last = today.epochMilliseconds <= now ? today : dayAfter(today, time, -1);
  return last.epochMilliseconds;
}

/** When the span that `now` lies in ends; undefined where it lies in none. */
export function endOfSpan(now: number, { from, to }: DailySpan, timezone: string): number | undefined {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  const time = hour * 60 + minute;
  const isInside = from < to ? time >= from && time < to : time >= from || time < to;
  return isInside ? nextClockTime(now, to, timezone) : undefined;
}

/** `2026-11-22 03:04, Sunday` as clocks there show it. */
export function localTime(now: number, timezone: string): string {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  const weekday = here.toLocaleString('en', { weekday: 'long' });
  return `${here.toPlainDate()} ${here.toPlainTime().toString({ smallestUnit: 'minute' })}, ${weekday}`;
}

const onDayOf = (now: number, time: ClockTime, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).withPlainTime(plain(time));

/** Set anew, so that a day whose clocks are changed does not move the time of the others. */
const dayAfter = (day: Temporal.ZonedDateTime, time: ClockTime, days: number): Temporal.ZonedDateTime =>
  day.add({ days }).withPlainTime(plain(time));

const plain = (time: ClockTime) => ({ hour: Math.floor(time / 60), minute: time % 60 });
