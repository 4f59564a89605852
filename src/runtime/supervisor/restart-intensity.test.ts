import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RestartBudget, RestartIntensity } from './restart-intensity.ts';

test('in no window of the period are there more restarts than the intensity', () => {
  const gaps = fc.array(fc.nat(4_000), { maxLength: 40 });
  fc.assert(
    fc.property(gaps, fc.nat(5), fc.integer({ min: 1, max: 9 }), (gapsMs, intensity, period) => {
      let now = 0;
      const restarts = new RestartIntensity();
      const allowed: number[] = [];
      for (const gap of gapsMs) {
        now += gap;
        const recent = allowed.filter((at) => at >= now - period * 1000).length;
        expect(restarts.used(now, { intensity, period })).toBe(recent);
        expect(restarts.allows(now, { intensity, period })).toBe(recent < intensity);
        if (recent >= intensity) return;
        allowed.push(now);
      }
    }),
  );
});

const after = (first: number, ...times: number[]) => {
  const restarts = new RestartIntensity();
  return (budget: RestartBudget) => [first, ...times].map((at) => restarts.allows(at, budget));
};

test('a restart exactly one period ago still counts', () => {
  expect(after(0, 5_000)({ intensity: 1, period: 5 })).toEqual([true, false]);
  expect(after(0, 5_001)({ intensity: 1, period: 5 })).toEqual([true, true]);
});

test('where a supervisor has been healthy for long enough, what was before counts no more', () => {
  const budget = { intensity: 1, period: 60 };
  expect(after(0, 10_000)(budget)).toEqual([true, false]);
  expect(after(0, 9_999)({ ...budget, healthyAfter: 10 })).toEqual([true, false]);
  expect(after(0, 10_000)({ ...budget, healthyAfter: 10 })).toEqual([true, true]);
});
