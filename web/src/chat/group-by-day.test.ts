import { expect, test } from 'vitest';
import { groupByDay } from './group-by-day.ts';

test('groups by day, the latest first', () => {
  const now = new Date(2026, 10, 21, 9);
  const at = (...parts: [number, number, number, number]) => ({
    lastActiveAt: new Date(...parts).toISOString(),
  });
  const list = [
    at(2026, 10, 20, 23),
    at(2026, 10, 21, 8),
    at(2026, 7, 1, 1),
    at(2026, 10, 16, 1),
    at(2026, 10, 21, 0),
  ];
  const groups = groupByDay(list, now).map(({ day, items }) => [day, items.length]);
  expect(groups).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Last 7 days', 1],
    [expect.stringContaining('2026'), 1],
  ]);
});
