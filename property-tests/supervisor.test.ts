import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromCallback } from 'xstate';
import { type Strategy, startSystem, supervisor } from '../src/runtime/index.ts';
import { until } from '../src/runtime/test-doubles.ts';
import { type Command, command, plainWorker } from './runtime/command.ts';
import { violations } from './runtime/invariants.ts';
import { ModelTree } from './runtime/model-tree.ts';
import { pool, type SupervisorPlan } from './runtime/plan.ts';
import { RealTree } from './runtime/real-tree.ts';
import { runsOf } from './runtime/runs.ts';

/**
 * A tree of supervisors is driven with random calls, crashes, failing starts, messages and waits, and after each of
 * them compared with a model of OTP's rules: who was started and stopped in which order, who is known in which
 * incarnation and state, who holds which name, what was reported, what calls were answered.
 *
 * The tree is a root with a `pool` below it (workers a, b, c), in which may stand an `inner` supervisor (x, y) and a
 * `swarm`, a `simple_one_for_one` supervisor whose instances call themselves p or q.
 *
 * Every command means something in every state, so a sequence is plain data that shrinks by leaving commands out.
 * More of them than usual, or one that failed once more, with the seed and the path that it printed:
 *
 *     IRONBARK_PROPERTY_RUNS=50000 npx vitest run property-tests/supervisor.test.ts
 *     IRONBARK_PROPERTY_SEED=… IRONBARK_PROPERTY_PATH=… npx vitest run property-tests/supervisor.test.ts
 */

type History = [rootIntensity: number, pool: SupervisorPlan, commands: readonly Command[]];

/** Rare in random runs. */
const examples: History[] = [
  /** A restart is called off on the macrotask before which its group is restarted for the sake of another. */
  [
    0,
    {
      ...{ kind: 'supervisor', id: 'pool', restart: 'permanent', significant: false, backoff: undefined },
      flags: { strategy: 'rest_for_one', intensity: 2, autoShutdown: 'never', healthyAfter: undefined },
      children: [{ ...plainWorker('b'), backoff: { initial: 1, factor: 1, healthyAfter: 1, max: 1 } }],
    },
    [
      { do: 'end', life: { id: 'b', before: 0 }, ending: 'error' },
      { do: 'start', at: 'pool', plan: plainWorker('a') },
      { do: 'interrupt', life: { id: 'a', before: 0 }, failures: 1, call: 'terminate' },
      { do: 'wait', ms: 1 },
    ],
  ],
];

const RUNS = runsOf<History>(5_000);
/** Far more than a run takes; a machine may be busy. */
const MS_PER_RUN = 50;
/** The highest that `plan.ts` and the roots have. */
const MOST_RESTARTS = 5;

test(
  'a tree of supervisors does what its model does, whatever is asked of it',
  async () => {
    const commands = fc.array(command, { maxLength: 40, size: 'max' });
    const rootIntensity = fc.integer({ min: 0, max: MOST_RESTARTS });
    await fc.assert(fc.asyncProperty(rootIntensity, pool, commands, compare), { ...RUNS, examples });
  },
  30_000 + RUNS.numRuns * MS_PER_RUN,
);

async function compare(...[rootIntensity, pool, commands]: History): Promise<void> {
  const model = new ModelTree(rootIntensity, pool);
  const real = new RealTree();
  await real.start(rootIntensity, pool);
  await agree(real, model);
  for (const command of commands) {
    for (const step of model.stepsOf(command)) {
      if (model.ended || model.isAmbiguous) break;
      model.perform(step);
      real.perform(step);
      await agree(real, model);
    }
  }
  const gaveUp = model.ended;
  model.stop();
  real.stop();
  await agree(real, model);
  expect(real.exit).toMatchObject({ kind: 'shutdown', ...(gaveUp ? { cause: expect.any(Error) } : {}) });
  expect(real.recorder.liveCount).toBe(0);
}

async function agree(real: RealTree, model: ModelTree): Promise<void> {
  const expected = model.observe();
  await real.reached(expected);
  expect(real.observe()).toEqual(expected);
  expect(violations(real, MOST_RESTARTS)).toEqual([]);
}

test('a crash of many at once leaves each running once, under any strategy', async () => {
  const strategy = fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one');
  const victims = fc.uniqueArray(fc.nat(5), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(strategy, victims, async (strategy, victims) => {
      const ids = Array.from({ length: 6 }, (_, n) => `c${n}`);
      const live: string[] = [];
      let [starts, crashes, twice] = [0, 0, 0];
      const logic = fromCallback<{ type: string }, string>(({ input, receive }) => {
        if (live.includes(input)) twice++;
        live.push(input);
        starts++;
        receive(() => {
          crashes++;
          throw new Error('crash');
        });
        return () => live.splice(live.indexOf(input), 1);
      });
      const children = ids.map((id) => ({ id, name: id, logic, input: id }));
      const system = await startSystem(supervisor({ strategy, intensity: 100, children }));
      for (const victim of victims) system.send(`c${victim}`, { type: 'crash' });
      const isUp = () => system.tree().children.every(({ state }) => state === 'running');
      const expected = strategy === 'one_for_one' ? victims.length : 1;
      await until(() => crashes >= expected && starts > ids.length && isUp());
      expect(live.toSorted()).toEqual(ids);
      expect(twice).toBe(0);
      await system.stop();
      expect(live).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
