import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interleave, median, meetsTarget, quantile, renderTable, series } from './harness.ts';

const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });

describe('a quantile', () => {
  test('is one of the values, and that part of them is not above it', () => {
    fc.assert(
      fc.property(numbers, fc.double({ noNaN: true, min: 0, max: 1 }), (values, part) => {
        const value = quantile(values, part);
        expect(values).toContain(value);
        expect(values.filter((other) => other <= value).length).toBeGreaterThanOrEqual(part * values.length);
      }),
    );
  });

  test('of nothing is no number', () => {
    expect(quantile([], 0.99)).toBeNaN();
  });
});

describe('the median', () => {
  test('is the middle value, or lies between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  test('has as many values on either side', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('a target', () => {
  const figure = { name: 'speed', unit: 'ms', rounds: [1, 2, 9] };

  test('is judged by the median of the rounds', () => {
    expect(meetsTarget({ ...figure, target: { atMost: 2 } })).toBe(true);
    expect(meetsTarget({ ...figure, target: { atMost: 1.9 } })).toBe(false);
    expect(meetsTarget({ ...figure, target: { atLeast: 2 } })).toBe(true);
    expect(meetsTarget({ ...figure, target: { atLeast: 2.1 } })).toBe(false);
  });

  test('is missed where nothing was measured', () => {
    expect(meetsTarget({ ...figure, rounds: [], target: { atMost: 2 } })).toBe(false);
    expect(meetsTarget({ ...figure, rounds: [], target: { atLeast: 2 } })).toBe(false);
  });

  test('that is not set is met', () => {
    expect(meetsTarget(figure)).toBe(true);
  });
});

test('series are run in turn, and the first round leaves no value', async () => {
  const order: string[] = [];
  const noted = (name: string) =>
    series(async (round) => {
      order.push(`${name}${round}`);
      return round;
    });
  const [a, b] = [noted('a'), noted('b')];
  await interleave(2, a, b);
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  expect(a.values).toEqual([1, 2]);
});

test('the table shows medians, spread, targets and what was skipped', () => {
  const table = renderTable([
    { name: 'a turn', unit: 'ms', rounds: [3.456789, 2.5, 4], target: { atMost: 3 } },
    { name: 'all turns', unit: 'turns/s', rounds: [1234.5], target: { atLeast: 300 } },
    { name: 'elsewhere', skipped: 'no server' },
  ]);
  expect(table.split('\n')).toEqual(
    [
      '                 median   spread  target',
      'a turn          3.46 ms  2.5 – 4     ≤ 3  MISSED',
      'all turns  1,235 turns/s            ≥ 300  met',
      'elsewhere       skipped                   no server',
    ].map((line) => expect.stringMatching(new RegExp(line.trim().replace(/\s+/g, '\\s+')))),
  );
});
