import type { Cron } from './read-cron.ts';
import { LAST_YEAR } from './years.ts';
import type { Zone } from './zone.ts';

/**
 * The first moment after `after` that a schedule names, in milliseconds since the Unix epoch; null: there is none before
 * the year 2400.
 *
 * `cron-parser` computes on the face of a clock, as if there were no zones; what that is in a zone is decided here,
 * because its own answers differ where clocks are changed (it leaves out some of what the clocks skip, and repeats some
 * of what they repeat). Where clocks are put forward, times of the day that do not exist are made up for by one run at
 * the first moment that does. Where they are put back, a time of the day counts when it comes first. Schedules whose
 * hours are written with a star count hours as they pass instead: they have nothing to make up for, and an hour that
 * comes twice is two hours.
 *
 * Cost: one question to the library, some 0.1 ms and more for what is rare; two around a change of the clocks.
 */
export function nextTime(cron: Cron, zone: Zone, after: number): number | null {
  let at = Math.floor(after / 1000) * 1000 + 1000;
  for (;;) {
    const span = zone.spanAt(at);
    const before = zone.spanAt(span.from - 1).offset;
    const change = cron.everyHour ? 0 : span.offset - before;
    if (change > 0 && at <= span.from) {
      const skipped = onClock(cron, span.from + before);
      if (skipped !== null && skipped < span.from + span.offset) return span.from;
    }
    const seen = change < 0 ? span.from + before : at + span.offset;
    const clock = onClock(cron, Math.max(at + span.offset, seen));
    if (clock === null) return null;
    if (clock < span.to + span.offset) return clock - span.offset;
    // No zone is further than this from UTC, and nothing in between fits.
    at = Math.max(span.to, clock - DAY_MS);
  }
}

const DAY_MS = 86_400_000;
const END = Date.UTC(LAST_YEAR + 1, 0, 1);

/**
 * The first time from `from` on, as a clock without a zone shows it: a number of milliseconds that would be that time in
 * UTC.
 */
function onClock({ expression, years }: Cron, from: number): number | null {
  let earliest = from;
  for (;;) {
    const found = nextOf(expression, earliest);
    if (found === null || years === null) return found;
    const year = new Date(found).getUTCFullYear();
    const wanted = years.find((one) => one >= year);
    if (wanted === undefined) return null;
    if (wanted === year) return found;
    earliest = Date.UTC(wanted, 0, 1);
  }
}

/** The library throws where it finds nothing in 10,000 steps. */
function nextOf(expression: Cron['expression'], from: number): number | null {
  try {
    expression.reset(new Date(from - 1000));
    const found = expression.next().getTime();
    return found < END ? found : null;
  } catch {
    return null;
  }
}
