import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runScripted } from '../src/cli/chaos/scripted/run.ts';

/**
 * Actors all over the tree are hurt while conversations go on. Each must come back, and what was said and done
 * meanwhile must come out as if nothing had happened. `ironbark chaos --scripted --seed SEED` does the same.
 */
const FAULTS = 500;
const SEED = 20261121;

test(`${FAULTS} faults all over the tree: each actor comes back, nothing is lost or doubled`, {
  timeout: 240_000,
}, async () => {
  const course = await runScripted(
    {
      faults: FAULTS,
      rate: 20,
      seed: SEED,
      kinds: ['crash', 'hang', 'delay'],
      paths: { only: [], except: [] },
      merciless: false,
    },
    { now: () => performance.now(), wait: (milliseconds) => wait(milliseconds) },
  );
  const seed = `seed ${SEED}`;
  expect(course.problems, seed).toEqual([]);
  expect(course.wounds, seed).toHaveLength(FAULTS);
  expect(new Set(course.wounds.map(({ kind }) => kind))).toEqual(new Set(['crash', 'hang', 'delay']));
  expect(course.load.answered).toBe(course.load.messages);
  // Without doubtful outcomes and work that was begun again, nothing was put to the test.
  expect(course.load.questions).toBeGreaterThan(0);
  expect(course.load.repeatedRuns).toBeGreaterThan(0);
});
