/// <reference lib="esnext.temporal" />
import { err, ok, type Result } from '../core/result.ts';

const WEEKDAYS: readonly string[] = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
];
const MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

export const weekdayOf = (time: Temporal.ZonedDateTime): string => WEEKDAYS[time.dayOfWeek - 1] ?? '';
const monthOf = (time: Temporal.ZonedDateTime): string => MONTHS[time.month - 1] ?? '';
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const hour12 = ({ hour }: Temporal.ZonedDateTime): number => hour % 12 || 12;

type Directive = (time: Temporal.ZonedDateTime) => string;

const DIRECTIVES = new Map<string, Directive>([
  ['Y', (time) => pad(time.year, 4)],
  ['y', (time) => pad(time.year % 100)],
  ['m', (time) => pad(time.month)],
  ['B', monthOf],
  ['b', (time) => monthOf(time).slice(0, 3)],
  ['h', (time) => monthOf(time).slice(0, 3)],
  ['d', (time) => pad(time.day)],
  ['e', (time) => String(time.day).padStart(2)],
  ['j', (time) => pad(time.dayOfYear, 3)],
  ['A', weekdayOf],
  ['a', (time) => weekdayOf(time).slice(0, 3)],
  ['u', (time) => String(time.dayOfWeek)],
  ['w', (time) => String(time.dayOfWeek % 7)],
  ['G', (time) => pad(time.yearOfWeek ?? time.year, 4)],
  ['V', (time) => pad(time.weekOfYear ?? 0)],
  ['H', (time) => pad(time.hour)],
  ['I', (time) => pad(hour12(time))],
  ['k', (time) => String(time.hour).padStart(2)],
  ['l', (time) => String(hour12(time)).padStart(2)],
  ['M', (time) => pad(time.minute)],
  ['S', (time) => pad(time.second)],
  ['f', (time) => pad(time.millisecond * 1000 + time.microsecond, 6)],
  ['L', (time) => pad(time.millisecond, 3)],
  ['p', (time) => (time.hour < 12 ? 'AM' : 'PM')],
  ['P', (time) => (time.hour < 12 ? 'am' : 'pm')],
  ['z', (time) => time.offset.replace(':', '')],
  ['Z', (time) => time.timeZoneId],
  ['s', (time) => String(Math.floor(time.epochMilliseconds / 1000))],
  ['F', (time) => time.toPlainDate().toString()],
  ['T', (time) => `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}`],
  ['R', (time) => `${pad(time.hour)}:${pad(time.minute)}`],
  ['D', (time) => `${pad(time.month)}/${pad(time.day)}/${pad(time.year % 100)}`],
  ['n', () => '\n'],
  ['t', () => '\t'],
  ['%', () => '%'],
]);

/** A time in the words of a `strftime` pattern, in English. Errors name a directive that is not known. */
export function formatTime(time: Temporal.ZonedDateTime, pattern: string): Result<string, string> {
  let unknown: string | undefined;
  // `-` after the percent sign drops leading zeros, a colon belongs to the offset's form.
  const text = pattern.replace(
    /%(-?)(:?)([A-Za-z%])/g,
    (whole, bare: string, colon: string, letter: string) => {
      if (colon && letter === 'z') return time.offset;
      const directive = DIRECTIVES.get(letter);
      if (!directive || colon) unknown ??= whole;
      const value = directive?.(time) ?? '';
      return bare ? value.replace(/^[0 ]+(?=.)/, '') : value;
    },
  );
  return unknown === undefined
    ? ok(text)
    : err(`"${unknown}" is not known in a time format. Known: %${[...DIRECTIVES.keys()].join(' %')}`);
}
