import { describe, expect, test } from 'vitest';
import { explainSchedule } from './explain-schedule.ts';
import { nextTimes, readSchedule } from './schedule.ts';

const times = (text: string, zone: string, from: string, count: number): readonly string[] => {
  const schedule = readSchedule(text, zone);
  if (!schedule.ok) throw new Error(schedule.error);
  return nextTimes(schedule.value, Date.parse(from), count).map((at) => new Date(at).toISOString());
};

describe('when clocks are put forward', () => {
  test('a time of the day that does not exist is made up for once, at the first moment that does', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(times('*/20 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ]);
  });

  test('what also runs at the first moment that does exist runs there once', () => {
    expect(times('0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ]);
  });

  test('hours that pass have nothing to make up for', () => {
    expect(times('30 * * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', 3)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T02:30:00.000Z',
    ]);
  });

  test('a day that an island left out is made up for as well', () => {
    expect(times('0 9 30 12 *', 'Pacific/Apia', '2011-12-01T00:00:00Z', 1)).toEqual([
      '2011-12-30T10:00:00.000Z',
    ]);
  });
});

describe('when clocks are put back', () => {
  test('a time of the day that comes twice counts the first time', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(times('*/30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', 1)).toEqual([
      '2026-10-26T01:00:00.000Z',
    ]);
  });

  test('an hour that comes twice is two hours', () => {
    expect(times('30 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });
});

test('days are counted from the end, and weekdays within the month', () => {
  expect(times('0 0 L 2 *', 'UTC', '2027-01-01T00:00:00Z', 2)).toEqual([
    '2027-02-28T00:00:00.000Z',
    '2028-02-29T00:00:00.000Z',
  ]);
  expect(times('0 0 * * 5L', 'UTC', '2026-10-24T22:00:00Z', 1)).toEqual(['2026-10-30T00:00:00.000Z']);
  expect(times('0 0 * * fri#2', 'UTC', '2026-10-24T22:00:00Z', 1)).toEqual(['2026-11-13T00:00:00.000Z']);
});

test('a seventh field names the years', () => {
  expect(times('0 0 9 1 1 * 2030,2032', 'Asia/Tokyo', '2026-01-01T00:00:00Z', 5)).toEqual([
    '2030-01-01T00:00:00.000Z',
    '2032-01-01T00:00:00.000Z',
  ]);
});

describe('a schedule is explained', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  const message = (text: string, zone = 'UTC'): string => {
    const explained = explainSchedule(text, zone, now);
    return explained.ok ? `fine: ${explained.remark}` : explained.message;
  };

  test('with its next times as clocks there show them', () => {
    expect(explainSchedule('0 9 * * 1-5', 'Europe/Berlin', now)).toEqual({
      ok: true,
      remark: null,
      nextTimes: ['23', '24', '25', '26', '27'].map((day) => `2026-11-${day}T09:00:00+01:00`),
    });
  });

  test('where it can never come', () => {
    expect(message('0 0 31 2 *')).toBe('It would never run: February has no day 31.');
    expect(message('0 0 30,31 feb *')).toBe('It would never run: February has no day 30 or 31.');
    expect(message('0 0 0 1 1 * 2020')).toBe('It would never run: no day of 2020 is left that fits.');
  });

  test('where it may not be what was meant', () => {
    expect(message('0 0 13 * 5')).toContain('either is enough: it runs on day 13 and every Friday');
    expect(message('0 0 31 * *')).toContain('does not run in February, April, June, September, and November');
    expect(message('0 0 29 2 *')).toContain('leap years only');
    expect(message('*/5 * * * * *')).toContain('12 times within a minute');
  });

  test('where it cannot be read', () => {
    expect(message('0 25 * * *')).toBe(
      '"25" is no hour: Constraint error, got value 25 expected range 0-23.',
    );
    expect(message('every day')).toContain('this has 2');
    expect(message('0 9 * * 5-1')).toContain('"5-1" is no weekday');
    expect(message('0 9 * * */0')).toContain('"*/0" is no weekday');
    expect(message('0 nine * * *')).toContain('"nine" is no hour');
    expect(message('@reboot')).toContain('startup');
    expect(message('@dayly')).toContain('@daily');
    expect(message(`${'1,'.repeat(400)}1 * * * *`)).toContain('no minute: ');
  });

  test('where its zone does not exist', () => {
    expect(message('@daily', 'Europe/Berln')).toContain('Did you mean Europe/Berlin?');
    expect(message('@daily', 'tokyo')).toContain('Did you mean Asia/Tokyo?');
  });
});
