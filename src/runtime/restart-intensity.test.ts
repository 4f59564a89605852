import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countRestart } from './restart-intensity.ts';

test('in no window of the period are there more restarts than the intensity', () => {
  const gaps = fc.array(fc.nat(4_000), { maxLength: 40 });
  fc.assert(
    fc.property(gaps, fc.nat(5), fc.integer({ min: 1, max: 9 }), (gapsMs, intensity, period) => {
      let now = 0;
      let window: readonly number[] = [];
      const allowed: number[] = [];
      for (const gap of gapsMs) {
        now += gap;
        const next = countRestart(window, now, { intensity, period });
        const recent = allowed.filter((at) => at >= now - period * 1000).length;
        expect(next !== undefined).toBe(recent < intensity);
        if (next) {
          window = next;
          allowed.push(now);
        }
      }
    }),
  );
});

test('a restart exactly one period ago still counts', () => {
  expect(countRestart([0], 5_000, { intensity: 1, period: 5 })).toBeUndefined();
  expect(countRestart([0], 5_001, { intensity: 1, period: 5 })).toEqual([5_001]);
});
