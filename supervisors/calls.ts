import { type ChildSpec, supervisor } from '../src/runtime/index.ts';

/**
 * One actor for each call that is under way, begun as calls come and never started again by itself: whoever asked knows
 * best whether the answer is still wanted, and what was done up to a crash may have taken effect.
 */
export const calls = (logic: ChildSpec['logic'], hungAfterMs: number) =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 100,
    period: 10,
    children: [
      {
        id: 'call',
        logic,
        restart: 'temporary',
        progress: { within: hungAfterMs, by: 'mailbox' },
      },
    ],
  });
