/** OTP's supervisor_SUITE.erl: any number of instances of one template. */
import { describe, expect, test } from 'vitest';
import { type AnyActorRef, fromCallback } from 'xstate';
import {
  type ChildSpec,
  getChildSpec,
  type RuntimeReport,
  type SupervisorOptions,
  startInstance,
  whichChildren,
} from '../index.ts';
import { fragile, quiet, typesOf } from '../test-doubles.ts';
import { lingerer } from './doubles.ts';
import { countsOf, end, exitsOf, type Supervised, started, supervise } from './testing.ts';

const GAVE_UP = { kind: 'shutdown', cause: expect.any(Error) };

const simple = (template: Partial<ChildSpec>, more: Partial<SupervisorOptions> = {}): Promise<Supervised> => {
  const spec = { id: 'child', logic: fromCallback(() => {}), ...template };
  return supervise({ strategy: 'simple_one_for_one', children: [spec], ...more });
};

/** What the live instances were started with, in the order of their first start. */
const inputsOf = (sup: AnyActorRef): readonly unknown[] =>
  liveOf(sup).map((ref) => {
    const spec = getChildSpec(sup, ref);
    return spec.ok ? spec.value.input : spec.error.kind;
  });

const liveOf = (sup: AnyActorRef): readonly AnyActorRef[] =>
  whichChildren(sup)
    .flatMap(({ child }) => (child && child !== 'restarting' ? [child] : []))
    .reverse();

describe('simple_one_for_one', () => {
  test('simple_one_for_one: an instance is restarted with what it was started with, the others go on', async () => {
    const starts: unknown[] = [];
    const logic = fromCallback(({ input }) => {
      starts.push(input);
    });
    const { sup } = await simple({ logic, input: 'template' });
    const first = started(await startInstance(sup, 'first'));
    const second = started(await startInstance(sup, 'second'));
    await startInstance(sup);
    await end(first, 'killed');
    expect(starts).toEqual(['first', 'second', 'template', 'first']);
    expect(inputsOf(sup)).toEqual(['first', 'second', 'template']);
    expect(liveOf(sup)).not.toContain(first);
    expect(liveOf(sup)[1]).toBe(second);
    expect(countsOf(sup)).toEqual([1, 3, 0, 3]);
  });

  test('simple_one_for_one: all instances share one intensity', async () => {
    const { sup } = await simple({}, { intensity: 2 });
    const first = started(await startInstance(sup, 1));
    const second = started(await startInstance(sup, 2));
    const third = started(await startInstance(sup, 3));
    const exits = exitsOf({ sup });
    await end(first, 'killed');
    await end(second, 'killed');
    expect(exits).toEqual({});
    await end(third, 'killed');
    expect(exits).toEqual({ sup: GAVE_UP });
  });

  test('simple_one_for_one_extra: an instance tells its info when it is started, and is restarted all the same', async () => {
    const logic = fromCallback(() => {});
    const { sup } = await simple({ logic, info: () => 'extra' });
    const result = await startInstance(sup, 'first');
    expect(result).toMatchObject({ ok: true, value: { info: 'extra' } });
    const second = started(await startInstance(sup, 'second'));
    await end(started(result), 'killed');
    expect(inputsOf(sup)).toEqual(['first', 'second']);
    expect(liveOf(sup)[1]).toBe(second);
  });

  test('simple_one_for_one_escalation: an instance that never comes back exhausts the intensity and ends all', async () => {
    let attempts = 0;
    const logic = fragile([], 'child', (attempt) => {
      attempts = attempt;
      return attempt > 2;
    });
    const { sup, reports } = await simple({ logic }, { intensity: 4 });
    const first = started(await startInstance(sup, 'first'));
    const exits = exitsOf({ sup, second: started(await startInstance(sup, 'second')) });
    await end(first, 'killed');
    expect(exits).toEqual({ sup: GAVE_UP, second: { kind: 'shutdown' } });
    expect(attempts).toBe(2 + 4);
    expect(typesOf(reports).at(-1)).toBe('shutdown');
  });
});

describe('simple_one_for_one_shutdown', () => {
  const graceful = { logic: lingerer, graceful: true, shutdown: 1_000, restart: 'temporary' } as const;

  test('simple_one_for_one_shutdown: all instances end side by side, in the time of the slowest', async () => {
    const { sup, system, clock, reports } = await simple(graceful);
    const instances: Record<string, AnyActorRef> = {};
    for (let n = 1; n <= 100; n++) instances[n] = started(await startInstance(sup, 500 + n));
    const exits = exitsOf(instances);
    const stopped = system.stop();
    await quiet();
    clock.increment(500);
    await quiet();
    expect(exits).toEqual({});
    clock.increment(50);
    await quiet();
    expect(Object.keys(exits)).toHaveLength(50);
    clock.increment(50);
    await stopped;
    await quiet();
    expect(Object.values(exits)).toEqual(Array(100).fill({ kind: 'shutdown' }));
    expect(typesOf(reports)).toEqual([]);
  });

  test('simple_one_for_one_shutdown: the one that is too slow is killed when the time of all is over', async () => {
    const { sup, system, clock, reports } = await simple(graceful);
    const quick = started(await startInstance(sup, 500));
    const slow = started(await startInstance(sup, 5_000));
    const exits = exitsOf({ quick, slow });
    const stopped = system.stop();
    await quiet();
    clock.increment(999);
    await quiet();
    expect(exits).toEqual({ quick: { kind: 'shutdown' } });
    clock.increment(1);
    await stopped;
    await quiet();
    expect(exits).toEqual({ quick: { kind: 'shutdown' }, slow: { kind: 'killed' } });
    expect(shutdownErrors(reports)).toEqual([[{ kind: 'killed' }, 1]]);
  });
});

function shutdownErrors(reports: readonly RuntimeReport[]): readonly unknown[] {
  return reports.flatMap((report) => {
    if (report.type !== 'supervisor_report' || report.errorContext !== 'shutdown_error') return [];
    return [[report.reason, report.offender.nbChildren]];
  });
}
