import { createRequire } from 'node:module';
import type { CronExpression } from 'cron-parser';
import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { readYears } from './years.ts';

/** A cron expression as `cron-parser` has read it, with what that leaves to us. */
export interface Cron {
  readonly expression: CronExpression;
  /** Null: every year. */
  readonly years: readonly number[] | null;
  /** The hours are written with a star: it means "again and again", not "at that time of the day". */
  readonly everyHour: boolean;
}

/** `cron-parser` and the dates it computes with take memory and some 50 ms that nobody without schedules needs. */
const load = createRequire(import.meta.url);
let library: typeof import('cron-parser') | undefined;

const parse = (expression: string): CronExpression => {
  const loaded: typeof import('cron-parser') = library ?? load('cron-parser');
  library = loaded;
  return loaded.CronExpressionParser.parse(expression, { tz: 'UTC' });
};

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  ['@weekdays', '0 0 * * 1-5'],
  ['@weekends', '0 0 * * 0,6'],
]);

const FIELDS = ['second', 'minute', 'hour', 'day of the month', 'month', 'weekday'] as const;

/** Reads five fields, six (seconds first) or seven (years last), or one of the nicknames. */
export function readCron(schedule: string): Result<Cron, string> {
  const text = schedule.trim().toLowerCase();
  if (text === '@reboot') {
    return err('There is no @reboot. Use the system event "startup" of the source "ironbark".');
  }
  if (text.startsWith('@') && !NICKNAMES.has(text)) {
    return err(`There is no ${text}. There are: ${[...NICKNAMES.keys()].join(', ')}.`);
  }
  const written = (NICKNAMES.get(text) ?? text).split(/\s+/).filter((field) => field !== '');
  if (written.length < 5 || written.length > 7) return err(WRONG_COUNT(written.length));
  const fields = [...(written.length === 5 ? ['0'] : []), ...written].slice(0, FIELDS.length).map(withLast);
  const years = readYears(written[6] ?? '*');
  if (!years.ok) return years;
  try {
    const everyHour = fields[2]?.startsWith('*') === true;
    return ok({ expression: parse(fields.join(' ')), years: years.value, everyHour });
  } catch (thrown) {
    return err(troubleIn(fields) ?? impossibleDay(fields) ?? coerceError(thrown).message);
  }
}

const WRONG_COUNT = (count: number): string =>
  `A schedule has five fields (minute hour day month weekday), six with seconds first, or seven with years last; this has ${count}. Example: "0 9 * * 1-5".`;

/** The library wants the L of "last" in capitals, and takes a capital H for "at random", which nobody gets. */
const withLast = (field: string, index: number): string =>
  index === 3 || index === 5 ? field.replaceAll('l', 'L') : field;

const ANY: readonly string[] = ['0', '*', '*', '*', '*', '*'];

/** Which field cannot be read, whatever the others are. */
function troubleIn(fields: readonly string[]): string | undefined {
  for (const [index, field] of fields.entries()) {
    try {
      parse(ANY.with(index, field).join(' '));
    } catch (thrown) {
      return `"${field}" is no ${FIELDS[index]}: ${coerceError(thrown).message}.`;
    }
  }
  return undefined;
}

/** Each field can be read alone: then no month has such a day. */
function impossibleDay(fields: readonly string[]): string {
  const months = parse(ANY.with(4, fields[4] ?? '*').join(' ')).fields.month.values;
  return `It would never run: ${monthNames(months)} ${months.length > 1 ? 'have' : 'has'} no day ${(fields[3] ?? '').replaceAll(',', ' or ')}.`;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];

export const listed = (words: readonly string[]): string => new Intl.ListFormat('en').format(words);

/** @param months 1 to 12 */
export const monthNames = (months: readonly number[]): string =>
  listed(months.map((month) => MONTHS[month - 1] ?? ''));
