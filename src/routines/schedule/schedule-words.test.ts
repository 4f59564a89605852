import { expect, test } from 'vitest';
import { scheduleWords } from './schedule-words.ts';

test.each([
  ['0 9 * * *', 'every day at 09:00'],
  ['30 7,19 * * *', 'every day at 07:30 and 19:30'],
  ['0 0 9 * * *', 'every day at 09:00'],
  ['0 8 * * 1-5', 'Monday to Friday at 08:00'],
  ['0 8 * * MON-FRI', 'Monday to Friday at 08:00'],
  ['0 8 * * 0,6', 'Sunday and Saturday at 08:00'],
  ['0 18 * * 7', 'Sunday at 18:00'],
  ['0 9 1 * *', 'day 1 of the month at 09:00'],
  ['0 * * * *', 'every hour'],
  ['5 * * * *', 'every hour, at 5 past'],
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['10 */6 * * *', 'every 6 hours, at 10 past'],
  ['@daily', 'every day at 00:00'],
])('%s is %s', (schedule, words) => {
  expect(scheduleWords(schedule)).toBe(words);
});

test.each([
  '0 9 1 * 1',
  '*/7 * * * *',
  '0 9 * 2 *',
  '15 0 9 * * *',
  '0 9-17 * * *',
  '0 9 L * *',
  'every day',
  '0 9 32 * *',
])('%s is left as it is', (schedule) => {
  expect(scheduleWords(schedule)).toBeUndefined();
});
