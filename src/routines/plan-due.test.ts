import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planDue } from './plan-due.ts';

const MINUTE = 60_000;
const everyMinutes = (minutes: number) => ({
  next: (after: number) => (Math.floor(after / (minutes * MINUTE)) + 1) * minutes * MINUTE,
});

const policies = fc.constantFrom('skip', 'once', 'all');

test('every due time is accounted for once, in order, however many there are and whatever is made of them', () => {
  fc.assert(
    fc.property(
      policies,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 0, max: 200_000 }),
      (catchUp, step, gap) => {
        const schedule = everyMinutes(step);
        const [start, now] = [10_000 * MINUTE, (10_000 + gap) * MINUTE];
        let accountedUntil = start;
        let claimed = 0;
        for (;;) {
          const plan = planDue({ schedule, guardrails: { catchUp }, accountedUntil }, now);
          let at = accountedUntil;
          for (const { dueAt, lastAt, times, state } of plan.accounted) {
            expect(dueAt).toBe(schedule.next(at));
            expect(lastAt).toBe(dueAt + (times - 1) * step * MINUTE);
            at = lastAt;
            if (state === 'claimed') claimed++;
          }
          expect(at).toBe(plan.accountedUntil);
          accountedUntil = plan.accountedUntil;
          if ((plan.nextDueAt ?? Number.POSITIVE_INFINITY) > now) break;
        }
        expect(schedule.next(accountedUntil)).toBeGreaterThan(now);
        expect(claimed).toBeLessThanOrEqual(catchUp === 'all' ? 20 : 1);
      },
    ),
  );
});

test('what is due now begins, also where what was missed is let go', () => {
  const schedule = everyMinutes(60);
  const plan = planDue({ schedule, guardrails: { catchUp: 'skip' }, accountedUntil: 0 }, 180 * MINUTE + 400);
  expect(plan.accounted.map(({ state }) => state)).toEqual(['missed', 'missed', 'claimed']);
});

test('a long gap is a few lines, not one for each time', () => {
  const plan = planDue(
    { schedule: everyMinutes(1), guardrails: { catchUp: 'once' }, accountedUntil: 0 },
    400 * MINUTE,
  );
  expect(plan.accounted).toHaveLength(52);
  expect(plan.accounted[0]).toMatchObject({ times: 349, state: 'coalesced' });
});
