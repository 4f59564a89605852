import { nearest } from '../../config/index.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** A time zone: how far its clocks are from UTC, and from when to when. */
export interface Zone {
  /** As the time zone database writes it. */
  readonly name: string;
  /** The stretch around a moment in which the clocks are not changed, or part of it. */
  spanAt(at: number): Span;
}

/** From `from` until before `to`, the clocks of the zone show UTC plus `offset`. All in milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/**
 * Finds a zone by its IANA name, whatever the case of its letters. The error names the one that was probably meant.
 *
 * Cost: a year of a zone takes some 60 questions to the system's time zone data, 0.2 ms, and is kept; 64 zones at most.
 */
export function findZone(name: string): Result<Zone, string> {
  const known = zones.get(name);
  if (known) return ok(known);
  const format = formatOf(name);
  if (!format) return err(unknownZone(name));
  if (zones.size >= MOST_ZONES) zones.clear();
  const zone = zoneOf(format);
  zones.set(name, zone);
  return ok(zone);
}

const MOST_ZONES = 64;
const zones = new Map<string, Zone>();

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

function unknownZone(name: string): string {
  const all = Intl.supportedValuesOf('timeZone');
  const exact = all.find((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase()}`));
  const meant = exact ?? nearest(name, all);
  return `There is no time zone "${name}". ${meant ? `Did you mean ${meant}?` : 'Write it like Europe/Berlin.'}`;
}

function zoneOf(format: Intl.DateTimeFormat): Zone {
  const years = new Map<number, readonly Span[]>();
  return {
    name: format.resolvedOptions().timeZone,
    spanAt(at) {
      const year = new Date(at).getUTCFullYear();
      const spans = years.get(year) ?? spansOf(year, (moment) => offsetAt(format, moment));
      years.set(year, spans);
      const found = spans.find(({ to }) => at < to);
      if (!found) throw new RangeError(`no moment ${at} in the year ${year}`);
      return found;
    },
  };
}

/** `GMT+05:30`; plain `GMT` is no difference. */
function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(format.format(at)) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}

/** The shortest time between two changes of a clock is that of Ramadan in Morocco, four weeks. */
const STEP_MS = 7 * 86_400_000;

function spansOf(year: number, offset: (at: number) => number): readonly Span[] {
  const end = Date.UTC(year + 1, 0, 1);
  const spans: Span[] = [];
  let from = Date.UTC(year, 0, 1);
  let here = offset(from);
  for (let at = from; at < end; at += STEP_MS) {
    const next = Math.min(at + STEP_MS, end - 1);
    const there = offset(next);
    if (there === here) continue;
    const change = changeBetween(at, next, here, offset);
    spans.push({ from, to: change, offset: here });
    from = change;
    here = there;
  }
  return [...spans, { from, to: end, offset: here }];
}

/** The first moment that has not the offset of `low` any more, to the second. */
function changeBetween(low: number, high: number, offset: number, at: (moment: number) => number): number {
  let [before, after] = [low, high];
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (middle <= before) break;
    if (at(middle) === offset) before = middle;
    else after = middle;
  }
  return Math.ceil(after / 1000) * 1000;
}
