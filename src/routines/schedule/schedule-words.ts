/** A schedule in words, where it is one of those that most people use: `every day at 09:00`. Undefined for any other. */
export function scheduleWords(schedule: string): string | undefined {
  const text = schedule.trim().toLowerCase();
  const named = NAMED[text];
  if (named !== undefined) return named;
  const fields = text.split(/\s+/);
  // A full minute is nothing to speak of.
  const plain = fields.length === 6 && fields[0] === '0' ? fields.slice(1) : fields;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = plain;
  if (plain.length !== 5 || month !== '*') return undefined;
  const often = isEvery(day) && isEvery(weekday) ? oftenWords(minute, hour) : undefined;
  if (often !== undefined) return often;
  const [days, times] = [dayWords(day, weekday), timeWords(minute, hour)];
  return days === undefined || times === undefined ? undefined : `${days} at ${times}`;
}

const NAMED: Readonly<Record<string, string>> = {
  '@hourly': 'every hour',
  '@daily': 'every day at 00:00',
  '@midnight': 'every day at 00:00',
  '@weekdays': 'Monday to Friday at 00:00',
  '@weekends': 'Saturday and Sunday at 00:00',
  '@weekly': 'Sunday at 00:00',
  '@monthly': 'day 1 of the month at 00:00',
};

const isEvery = (field: string): boolean => field === '*' || field === '?';

function oftenWords(minute: string, hour: string): string | undefined {
  if (hour === '*') return minuteWords(minute);
  const step = stepOf(hour, 24);
  if (step === undefined || !isNumber(minute, 59)) return undefined;
  const past = Number(minute) === 0 ? '' : `, at ${Number(minute)} past`;
  return `every ${step} hours${past}`;
}

function minuteWords(minute: string): string | undefined {
  if (minute === '*') return 'every minute';
  const step = stepOf(minute, 60);
  if (step !== undefined) return `every ${step} minutes`;
  if (!isNumber(minute, 59)) return undefined;
  return Number(minute) === 0 ? 'every hour' : `every hour, at ${Number(minute)} past`;
}

/** Of a step that goes into the whole; any other begins anew in between, which is more than a few words can say. */
function stepOf(field: string, whole: number): number | undefined {
  const step = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1]);
  return step > 1 && step < whole && whole % step === 0 ? step : undefined;
}

const isNumber = (field: string, most: number): boolean => /^\d{1,2}$/.test(field) && Number(field) <= most;

const MOST_TIMES = 3;

function timeWords(minute: string, hour: string): string | undefined {
  const hours = hour.split(',');
  if (!isNumber(minute, 59) || hours.length > MOST_TIMES || !hours.every((one) => isNumber(one, 23)))
    return undefined;
  return listed(hours.map((one) => `${one.padStart(2, '0')}:${minute.padStart(2, '0')}`));
}

function dayWords(day: string, weekday: string): string | undefined {
  if (isEvery(day) && isEvery(weekday)) return 'every day';
  // Both together are either of them, which nobody expects: the schedule itself is shown then.
  if (!isEvery(day) && !isEvery(weekday)) return undefined;
  if (isEvery(day)) return weekdayWords(weekday);
  return isNumber(day, 31) && Number(day) > 0 ? `day ${Number(day)} of the month` : undefined;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function weekdayWords(field: string): string | undefined {
  const [, first = '', last = ''] = /^(\w+)-(\w+)$/.exec(field) ?? [];
  const [from, to] = [weekdayOf(first), weekdayOf(last)];
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  const days = field.split(',').flatMap((one) => weekdayOf(one) ?? []);
  return days.length === field.split(',').length ? listed(days) : undefined;
}

function weekdayOf(text: string): string | undefined {
  if (/^[0-7]$/.test(text)) return WEEKDAYS[Number(text) % 7];
  return WEEKDAYS.find((name) => name.slice(0, 3).toLowerCase() === text);
}

const listed = (words: readonly string[]): string => new Intl.ListFormat('en').format(words);
