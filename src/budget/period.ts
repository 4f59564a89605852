/// <reference lib="esnext.temporal" />

/** A stretch of time in milliseconds since the Unix epoch, without its end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Periods {
  /** `2026-11-21` */
  readonly day: string;
  /** `2026-11` */
  readonly month: string;
}

/** The user's day and month at any moment. The last answer is kept: most moments are of the same day. */
export function createCalendar(zone: () => string): (now: number) => Periods {
  let known: { readonly timezone: string; readonly span: Span; readonly periods: Periods } | undefined;
  return (now) => {
    const timezone = zone();
    if (known?.timezone !== timezone || now < known.span.start || now >= known.span.end)
      known = { timezone, span: daySpan(now, timezone), periods: periodsAt(now, timezone) };
    return known.periods;
  };
}

export function periodsAt(now: number, timezone: string): Periods {
  const day = dateAt(now, timezone).toString();
  return { day, month: day.slice(0, -'-21'.length) };
}

/** The last so many days up to the one of this moment, oldest first. */
export function lastDays(now: number, timezone: string, count: number): readonly (Span & { day: string })[] {
  const today = dateAt(now, timezone);
  return Array.from({ length: count }, (_, at) => {
    const day = today.subtract({ days: count - 1 - at });
    return { day: day.toString(), ...spanOf(day, day.add({ days: 1 }), timezone) };
  });
}

/** From midnight to midnight: 23 or 25 hours where clocks are changed. */
export function daySpan(now: number, timezone: string): Span {
  const day = dateAt(now, timezone);
  return spanOf(day, day.add({ days: 1 }), timezone);
}

export function monthSpan(now: number, timezone: string): Span {
  const first = dateAt(now, timezone).with({ day: 1 });
  return spanOf(first, first.add({ months: 1 }), timezone);
}

const dateAt = (now: number, timezone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(timezone).toPlainDate();

function spanOf(from: Temporal.PlainDate, to: Temporal.PlainDate, timezone: string): Span {
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(timezone).epochMilliseconds;
  return { start: midnight(from), end: midnight(to) };
}
