import { type Cron, listed, monthNames } from './read-cron.ts';
import { nextTimes, readSchedule } from './schedule.ts';
import { findZone } from './zone.ts';

/** What a schedule comes to: its next times and what is odd about it, or why there are none. */
export type Explained =
  | { readonly ok: true; readonly nextTimes: readonly string[]; readonly remark: string | null }
  | { readonly ok: false; readonly message: string };

const SHOWN = 5;

/**
 * @param now milliseconds since the Unix epoch
 * @param shownIn the zone whose clocks show the times, as `localTime` writes them; the schedule's own unless given
 */
export function explainSchedule(
  text: string,
  timezone: string,
  now: number,
  shownIn: string = timezone,
): Explained {
  const schedule = readSchedule(text, timezone);
  if (!schedule.ok) return { ok: false, message: schedule.error };
  const times = nextTimes(schedule.value, now, SHOWN);
  const { cron, zone } = schedule.value;
  const shown = findZone(shownIn);
  const { spanAt } = shown.ok ? shown.value : zone;
  if (times.length === 0) return { ok: false, message: whyNever(cron) };
  return {
    ok: true,
    nextTimes: times.map((at) => localTime(at, spanAt(at).offset)),
    remark: remarkOn(cron),
  };
}

/** ISO 8601 with the zone's own offset: `2026-03-29T03:00:00+02:00`, the time of the day as its clocks show it. */
export function localTime(at: number, offset: number): string {
  const shown = new Date(at + offset).toISOString().slice(0, 19);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const pair = (number: number): string => String(number).padStart(2, '0');
  return `${shown}${offset < 0 ? '-' : '+'}${pair(Math.floor(minutes / 60))}:${pair(minutes % 60)}`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** In a leap year. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function whyNever({ years }: Cron): string {
  return years === null
    ? 'It would never run: no day fits before the year 2400.'
    : `It would never run: no day of ${listed(years.slice(0, 5).map(String))} is left that fits.`;
}

/** What people commonly did not mean, or would not expect. */
function remarkOn({ expression: { fields } }: Cron): string | null {
  const { dayOfMonth, dayOfWeek, second } = fields;
  if (!dayOfMonth.isWildcard && !dayOfWeek.isWildcard) {
    return `Day of the month and weekday are both given, and either is enough: it runs on ${dayWords(fields)}. For one of them only, write * for the other.`;
  }
  if (second.values.length > 1) return `It runs ${second.values.length} times within a minute.`;
  return dayOfMonth.isWildcard || dayOfMonth.hasLastChar ? null : rareDay(fields);
}

type Fields = Cron['expression']['fields'];

const numbersOf = (values: readonly (number | string)[]): readonly number[] =>
  values.filter((value) => typeof value === 'number');

function dayWords({ dayOfMonth, dayOfWeek }: Fields): string {
  const weekdays = dayOfWeek.values.map((day) => WEEKDAYS[Number.parseInt(String(day), 10) % 7] ?? '');
  const which = dayOfWeek.hasLastChar
    ? 'the last'
    : dayOfWeek.nthDay > 0
      ? `number ${dayOfWeek.nthDay} of`
      : 'every';
  return listed([
    ...numbersOf(dayOfMonth.values).map((day) => `day ${day}`),
    ...(dayOfMonth.hasLastChar ? ['the last day'] : []),
    ...[...new Set(weekdays)].map((day) => `${which} ${day}`),
  ]);
}

function rareDay({ dayOfMonth, month }: Fields): string | null {
  const first = Math.min(...numbersOf(dayOfMonth.values));
  const months = numbersOf(month.values);
  const without = months.filter((one) => first > (LENGTHS[one - 1] ?? 0));
  if (without.length > 0) {
    return `It does not run in ${monthNames(without)}, which ${without.length > 1 ? 'have' : 'has'} no day ${first}. The last day of any month is L.`;
  }
  return first === 29 && months.includes(2) ? 'In February it runs in leap years only.' : null;
}
