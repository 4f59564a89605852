/** OTP's supervisor_SUITE.erl: what a supervisor keeps of children that have ended, and what it does not. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type RestartType, type Strategy, startChild, startInstance, terminateChild } from '../index.ts';
import { collectGarbage, idle } from './doubles.ts';
import { countsOf, type Ending, end, refOf, started, supervise, workerSpec } from './testing.ts';

const STRATEGIES: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one'];

/** What a child is started with, and no other part of the test holds on to. */
function heavy(held: WeakRef<object>[]): object {
  const args = { payload: new Array(1_000).fill('heavy') };
  held.push(new WeakRef(args));
  return args;
}

async function retained(held: readonly WeakRef<object>[]): Promise<number> {
  await collectGarbage();
  return held.filter((args) => args.deref() !== undefined).length;
}

/** Starts children with heavy arguments and kills each of them once, keeping no reference to any. */
async function killed(sup: AnyActorRef, restart: RestartType): Promise<readonly WeakRef<object>[]> {
  const held: WeakRef<object>[] = [];
  for (let n = 0; n < 5; n++) {
    const spec = { id: `child${n}`, logic: idle, restart, input: heavy(held) };
    await end(started(await startChild(sup, spec)), 'killed');
  }
  return held;
}

async function killedInstances(sup: AnyActorRef): Promise<readonly WeakRef<object>[]> {
  const held: WeakRef<object>[] = [];
  for (let n = 0; n < 5; n++) await end(started(await startInstance(sup, heavy(held))), 'killed');
  return held;
}

describe('start arguments', () => {
  const simple = async (restart: RestartType) => {
    const children = [{ id: 'child', logic: idle, restart }];
    return supervise({ strategy: 'simple_one_for_one', intensity: 100, children });
  };

  test('simple_one_for_one_corruption: those of temporary instances that have died are not retained', async () => {
    const { sup } = await simple('temporary');
    const survivor = started(await startInstance(sup));
    const held = await killedInstances(sup);
    expect(await retained(held)).toBe(0);
    expect(survivor.getSnapshot().status).toBe('active');
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test.each(STRATEGIES)('do_not_save_start_parameters_for_temporary_children: %s', async (strategy) => {
    const counts: number[] = [];
    for (const restart of ['temporary', 'transient', 'permanent'] as const) {
      const { sup } = await supervise({ strategy, intensity: 100 });
      counts.push(await retained(await killed(sup, restart)));
      expect(sup.getSnapshot().status).toBe('active');
    }
    expect(counts).toEqual([0, 5, 5]);
  });

  test('do_not_save_start_parameters_for_temporary_children: simple_one_for_one', async () => {
    const counts: number[] = [];
    for (const restart of ['temporary', 'transient', 'permanent'] as const) {
      const { sup } = await simple(restart);
      counts.push(await retained(await killedInstances(sup)));
      expect(sup.getSnapshot().status).toBe('active');
    }
    expect(counts).toEqual([0, 5, 5]);
  });
});

describe('do_not_save_child_specs_for_temporary_children', () => {
  const ways = ['killed', 'normal', 'abnormal', 'by its supervisor'] as const;
  const cases = STRATEGIES.flatMap((strategy) => ways.map((way) => [strategy, way] as const));

  /** What starting it once more comes to, after it has ended in that way. */
  async function again(strategy: Strategy, restart: RestartType, way: Ending | 'by its supervisor') {
    const spec = workerSpec('child1', { restart });
    const { sup } = await supervise({ strategy });
    const ref = started(await startChild(sup, spec));
    if (way === 'by its supervisor') await terminateChild(sup, 'child1');
    else await end(ref, way);
    const result = await startChild(sup, spec);
    return result.ok ? result.value.ref === refOf(sup, 'child1') && 'started' : result.error.kind;
  }

  test.each(cases)(
    'do_not_save_child_specs_for_temporary_children: under %s one that has ended (%s) can be started anew',
    async (strategy, way) => {
      expect(await again(strategy, 'temporary', way)).toBe('started');
    },
  );

  test.each(cases)(
    'do_not_save_child_specs_for_temporary_children: under %s any other is known still (%s)',
    async (strategy, way) => {
      const stays = way === 'by its supervisor' ? 'already-present' : 'already-started';
      expect(await again(strategy, 'permanent', way)).toBe(stays);
      const ends = way === 'normal' ? 'already-present' : stays;
      expect(await again(strategy, 'transient', way)).toBe(ends);
    },
  );
});
