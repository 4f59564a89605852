import { expect, test } from 'vitest';
import { createCalendar, daySpan, monthSpan, periodsAt } from './period.ts';

const HOUR = 3_600_000;

test.each([
  ['2026-11-21T22:59:59Z', 'Europe/Berlin', '2026-11-21', '2026-11'],
  ['2026-11-21T23:00:00Z', 'Europe/Berlin', '2026-11-22', '2026-11'],
  ['2026-12-31T23:30:00Z', 'Europe/Berlin', '2027-01-01', '2027-01'],
  ['2026-11-22T03:00:00Z', 'America/New_York', '2026-11-21', '2026-11'],
])('%s in %s is %s of %s', (at, zone, day, month) => {
  expect(periodsAt(Date.parse(at), zone)).toEqual({ day, month });
});

test.each([
  ['2026-03-29T12:00:00Z', 'Europe/Berlin', 23],
  ['2026-10-25T12:00:00Z', 'Europe/Berlin', 25],
  ['2026-10-26T12:00:00Z', 'Europe/Berlin', 24],
  // Midnight itself is skipped there.
  ['2024-09-08T12:00:00Z', 'America/Santiago', 23],
])('the day around %s in %s has %i hours', (at, zone, hours) => {
  const now = Date.parse(at);
  const { start, end } = daySpan(now, zone);
  expect(end - start).toBe(hours * HOUR);
  expect(periodsAt(start - 1, zone).day).not.toBe(periodsAt(now, zone).day);
  expect(periodsAt(start, zone).day).toBe(periodsAt(now, zone).day);
  expect(periodsAt(end - 1, zone).day).toBe(periodsAt(now, zone).day);
  expect(periodsAt(end, zone).day).not.toBe(periodsAt(now, zone).day);
});

test('a month ends where the next one begins', () => {
  const now = Date.parse('2026-10-25T12:00:00Z');
  const { start, end } = monthSpan(now, 'Europe/Berlin');
  expect([new Date(start).toISOString(), new Date(end).toISOString()]).toEqual([
    '2026-09-30T22:00:00.000Z',
    '2026-10-31T23:00:00.000Z',
  ]);
});

test('a calendar tells the day of each moment, in whatever order it is asked', () => {
  const calendar = createCalendar(() => 'Europe/Berlin');
  const moments = [
    '2026-10-24T22:00:00Z',
    '2026-10-25T22:59:59Z',
    '2026-10-25T23:00:00Z',
    '2026-10-24T21:59:59Z',
  ];
  expect(moments.map((moment) => calendar(Date.parse(moment)).day)).toEqual([
    '2026-10-25',
    '2026-10-25',
    '2026-10-26',
    '2026-10-24',
  ]);
});
