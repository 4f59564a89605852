import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateLimiter } from './index.ts';

function stage(start = 1_000_000) {
  let now = start;
  const limiter = createRateLimiter({ now: () => now });
  return {
    take: (key = 'a', perMinute = 2, perHour = 5) => limiter.take(key, { perMinute, perHour }),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('the rate limiter', () => {
  test('lets through what the minute allows and says how long to wait', () => {
    const { take, pass } = stage();
    expect(take().ok).toBe(true);
    pass(10_000);
    expect(take().ok).toBe(true);
    pass(5_000);
    expect(take()).toEqual({
      ok: false,
      error: {
        retryAfterMs: 45_000,
        message: 'Too many requests: 2 a minute and 5 an hour are allowed. Wait 45 s.',
      },
    });
    pass(44_999);
    expect(take().ok).toBe(false);
    pass(1);
    expect(take().ok).toBe(true);
    expect(take()).toMatchObject({ error: { retryAfterMs: 10_000 } });
  });

  test('lets through what the hour allows', () => {
    const { take, pass } = stage();
    for (let at = 0; at < 5; at++) {
      expect(take().ok).toBe(true);
      pass(60_000);
    }
    expect(take()).toMatchObject({ ok: false, error: { retryAfterMs: 3_600_000 - 5 * 60_000 } });
    pass(3_600_000 - 5 * 60_000);
    expect(take().ok).toBe(true);
  });

  test('counts each key for itself', () => {
    const { take } = stage();
    expect([take('a'), take('a'), take('a'), take('b')].map(({ ok }) => ok)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  test('lets nothing through where nothing is allowed', () => {
    const { take } = stage();
    expect(take('a', 0, 5)).toMatchObject({ ok: false, error: { retryAfterMs: 60_000 } });
    expect(take('a', 5, 0)).toMatchObject({ ok: false, error: { retryAfterMs: 3_600_000 } });
  });

  test('does not lock a key when the clock is set back', () => {
    const { take, pass } = stage();
    take();
    take();
    pass(-86_400_000);
    expect(take().ok).toBe(true);
  });

  test('agrees at every moment with counting all that was let through', () => {
    const step = fc.record({
      wait: fc.oneof(fc.nat(20_000), fc.nat(2_000_000)),
      key: fc.constantFrom('a', 'b'),
    });
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 6 }),
      perHour: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 150, size: 'max' }),
        limits,
        (steps, { perMinute, perHour }) => {
          const { take, pass } = stage(0);
          const passed: { key: string; at: number }[] = [];
          let now = 0;
          for (const { wait, key } of steps) {
            now += wait;
            pass(wait);
            const within = (window: number) =>
              passed.filter((one) => one.key === key && one.at > now - window).length;
            const allowed = within(60_000) < perMinute && within(3_600_000) < perHour;
            expect(take(key, perMinute, perHour).ok).toBe(allowed);
            if (allowed) passed.push({ key, at: now });
          }
        },
      ),
    );
  });

  test('a refusal is over exactly when it says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40_000), { minLength: 5, maxLength: 60, size: 'max' }), (waits) => {
        const { take, pass } = stage(0);
        for (const wait of waits) {
          pass(wait);
          const taken = take('a', 3, 20);
          if (taken.ok) continue;
          pass(taken.error.retryAfterMs - 1);
          expect(take('a', 3, 20).ok).toBe(false);
          pass(1);
          expect(take('a', 3, 20).ok).toBe(true);
        }
      }),
    );
  });
});
