/// <reference lib="esnext.temporal" />
import { err, ok, type Result } from '../core/result.ts';

/** Above this a bare number counts milliseconds: as seconds it would lie beyond the year 5000. */
const LARGEST_SECONDS = 1e11;

/**
 * A moment as models write it: ISO 8601 with or without offset, a date alone (its midnight), Unix seconds or
 * milliseconds, or the form of e-mail headers. What names no zone is in `zone`.
 */
export function parseTime(text: string, zone: string): Result<Temporal.Instant, string> {
  const given = text.trim();
  if (/^-?\d{1,16}(?:\.\d+)?$/.test(given)) return fromUnix(Number(given), text);
  const iso = given
    .replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T')
    .replace(/ +(?=(?:z|[+-]\d\d(?::?\d\d)?)$)/i, '');
  const instant =
    attempt(() => Temporal.ZonedDateTime.from(iso).toInstant()) ??
    attempt(() => Temporal.Instant.from(iso)) ??
    attempt(() => Temporal.PlainDateTime.from(iso).toZonedDateTime(zone).toInstant()) ??
    fromHeader(given);
  return instant ? ok(instant) : err(unreadable(text));
}

/** An IANA zone or a fixed offset, in its canonical letter case. */
export function parseZone(name: string): Result<string, string> {
  const zone = attempt(() => Temporal.Now.zonedDateTimeISO(name.trim()).timeZoneId);
  return zone === undefined
    ? err(
        `"${name}" is not a time zone. Use an IANA name such as Europe/Berlin, or an offset such as +02:00.`,
      )
    : ok(zone);
}

function fromUnix(count: number, text: string): Result<Temporal.Instant, string> {
  const milliseconds = Math.abs(count) < LARGEST_SECONDS ? count * 1000 : count;
  const instant = attempt(() => Temporal.Instant.fromEpochMilliseconds(Math.round(milliseconds)));
  return instant ? ok(instant) : err(unreadable(text));
}

/** Only with an explicit zone: without one the answer would depend on where this program runs. */
function fromHeader(text: string): Temporal.Instant | undefined {
  if (!/(?:\b(?:gmt|utc|z)|[+-]\d{4})$/i.test(text)) return undefined;
  return attempt(() => Temporal.Instant.fromEpochMilliseconds(Date.parse(text)));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const unreadable = (text: string): string =>
  `"${text.slice(0, 60)}" is not a time that can be read. Use ISO 8601, for example 2026-03-15T14:30:00+01:00, or Unix seconds.`;
