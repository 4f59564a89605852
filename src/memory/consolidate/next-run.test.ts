import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { untilNextRun } from './next-run.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);

test('memory that was never tidied, or not for a day, is tidied at once', () => {
  expect(untilNextRun(at('2026-03-14T12:00Z'), undefined, 'UTC')).toBe(0);
  expect(untilNextRun(at('2026-03-14T12:00Z'), at('2026-03-13T12:00Z'), 'UTC')).toBe(0);
});

test('otherwise it is tidied at half past three of the user’s night', () => {
  const last = at('2026-03-14T12:00Z');
  expect(untilNextRun(at('2026-03-14T12:30Z'), last, 'UTC')).toBe(15 * HOUR_MS);
  expect(untilNextRun(at('2026-03-15T03:29:59Z'), last, 'UTC')).toBe(1_000);
  expect(untilNextRun(at('2026-03-15T03:40Z'), last, 'UTC')).toBe(0);
  expect(untilNextRun(at('2026-03-14T12:30Z'), last, 'Asia/Tokyo')).toBe(6 * HOUR_MS);
});

test('a night that was missed is made up for a day after the last time', () => {
  expect(untilNextRun(at('2026-03-15T09:00Z'), at('2026-03-14T12:00Z'), 'UTC')).toBe(3 * HOUR_MS);
});

test('there is never more than a day from one time to the next, and it comes', () => {
  const hours = integer({ min: 0, max: 10_000 });
  assert(
    property(hours, integer({ min: 0, max: 30 * 60 }), (start, minutes) => {
      const last = at('2026-03-01T00:00Z') + start * HOUR_MS;
      const now = last + minutes * 60_000;
      const wait = untilNextRun(now, last, 'America/New_York');
      expect(now + wait - last).toBeLessThanOrEqual(Math.max(24 * HOUR_MS, now - last));
      if (wait > 0) expect(untilNextRun(now + wait, last, 'America/New_York')).toBe(0);
    }),
  );
});
