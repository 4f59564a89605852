import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { withCompiledStep } from '../src/runtime/xstate/index.ts';
import { runsOf } from './runtime/runs.ts';
import { type ChartPlan, chartPlan, type Happening, happenings } from './step/chart-plan.ts';
import { tellStory } from './step/chart-story.ts';

/**
 * Random statecharts are run twice, once by the step of XState and once by the compiled one, and everything that can
 * be seen of the two is compared: snapshots, the order of guards, actions and messages, what inspectors are told,
 * how they fail. The statecharts of `machines/` are compared in `machines.test.ts`.
 *
 *     IRONBARK_PROPERTY_RUNS=50000 npx vitest run property-tests/compiled-step.test.ts
 */

type Case = [ChartPlan, readonly Happening[]];

const RUNS = runsOf<Case>(2_500);
/** Far more than a run takes; a machine may be busy. */
const MS_PER_RUN = 50;
/** Of all steps, how many are compiled at least: otherwise XState would be compared with itself. */
const COMPILED_SHARE = 0.5;

test(
  'nobody can tell the compiled step from that of XState',
  () => {
    // XState warns of messages to a chart that has ended; in both.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    let steps = 0;
    let compiled = 0;
    fc.assert(
      fc.property(chartPlan, happenings, (plan, happenings) => {
        const theirs = tellStory(plan, happenings, (machine) => machine);
        const ours = tellStory(plan, happenings, withCompiledStep);
        // Much faster than `toEqual`, which is for saying what differs.
        if (!isDeepStrictEqual(ours.lines, theirs.lines)) expect(ours.lines).toEqual(theirs.lines);
        steps += theirs.byXState;
        compiled += theirs.byXState - ours.byXState;
      }),
      RUNS,
    );
    expect(compiled / steps).toBeGreaterThan(COMPILED_SHARE);
  },
  30_000 + RUNS.numRuns * MS_PER_RUN,
);
