import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfSpan, lastClockTime, nextClockTime, parseClockTime, parseDailySpan } from './clock-times.ts';

const HOUR_MS = 3_600_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'] as const;

const moment = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2028-01-01') });
const time = fc.integer({ min: 0, max: 24 * 60 - 1 });
const zone = fc.constantFrom(...ZONES);

const shown = (at: number, timeZone: string): number => {
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(at)
    .split(':')
    .map(Number);
  return hour * 60 + minute;
};

test.each([
  ['7:30', 450],
  ['07:30', 450],
  ['00:00', 0],
  ['23:59', 1439],
  ['24:00', undefined],
  ['7', undefined],
  ['7:5', undefined],
  ['', undefined],
])('%j is so many minutes after midnight: %s', (text, minutes) => {
  expect(parseClockTime(text)).toBe(minutes);
});

test.each([
  ['22:00-07:00', { from: 1320, to: 420 }],
  ['9:00 - 17:30', { from: 540, to: 1050 }],
  ['9:00-9:00', undefined],
  ['9:00', undefined],
  ['9:00-10:00-11:00', undefined],
])('%j is the span %j', (text, span) => {
  expect(parseDailySpan(text)).toEqual(span);
});

describe('in every zone, whatever its clocks do', () => {
  test('the next time is later, the last one is not, and they are about a day apart', () => {
    fc.assert(
      fc.property(moment, time, zone, (now, at, timezone) => {
        const next = nextClockTime(now, at, timezone);
        const last = lastClockTime(now, at, timezone);
        expect(next).toBeGreaterThan(now);
        expect(last).toBeLessThanOrEqual(now);
        expect(next - last).toBeLessThanOrEqual(25 * HOUR_MS);
        expect(next - last).toBeGreaterThanOrEqual(23 * HOUR_MS);
      }),
    );
  });

  test('clocks show the time then, but for the hour that a change of clocks leaves out', () => {
    fc.assert(
      fc.property(moment, time, zone, (now, at, timezone) => {
        const off = (shown(nextClockTime(now, at, timezone), timezone) - at + 1440) % 1440;
        expect([0, 60]).toContain(off);
      }),
    );
  });

  test('a moment lies in a span or in the rest of the day, and a span ends at its end', () => {
    fc.assert(
      fc.property(moment, time, time, zone, (now, from, to, timezone) => {
        fc.pre(from !== to);
        const inside = endOfSpan(now, { from, to }, timezone);
        const outside = endOfSpan(now, { from: to, to: from }, timezone);
        expect((inside === undefined) !== (outside === undefined)).toBe(true);
        if (inside !== undefined) expect(inside).toBe(nextClockTime(now, to, timezone));
      }),
    );
  });
});
