/** OTP's supervisor_SUITE.erl: which children are restarted after which end. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type RestartType, restartChild, startChild, whichChildren } from '../index.ts';
import { typesOf } from '../test-doubles.ts';
import {
  countsOf,
  type Ending,
  end,
  exitsOf,
  REASONS,
  refOf,
  type Supervised,
  started,
  supervise,
  workerSpec,
} from './testing.ts';

interface Subject extends Supervised {
  readonly child: AnyActorRef;
}

async function subject(restart: RestartType): Promise<Subject> {
  const supervised = await supervise();
  return {
    ...supervised,
    child: started(await startChild(supervised.sup, workerSpec('child1', { restart }))),
  };
}

/** Another incarnation runs, the end was reported, and has cost one restart. */
function expectRestarted({ sup, system, reports }: Subject, former: AnyActorRef, ending: Ending): void {
  expect(refOf(sup, 'child1')).not.toBe(former);
  expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  const told = reports.filter((report) => report.type === 'supervisor_report').at(-1);
  expect(told).toMatchObject({ errorContext: 'child_terminated', reason: REASONS[ending] });
  expect(system.tree().children[0]?.intensity?.used).toBeGreaterThan(0);
}

/** Known, but not running. */
function expectStopped({ sup, system }: Subject): void {
  expect(whichChildren(sup)).toEqual([{ id: 'child1', child: undefined, type: 'worker' }]);
  expect(countsOf(sup)).toEqual([1, 0, 0, 1]);
  expect(system.tree().children[0]?.intensity?.used).toBe(0);
}

/** Known no more, and never restarted. */
function expectGone({ sup, system }: Subject): void {
  expect(whichChildren(sup)).toEqual([]);
  expect(countsOf(sup)).toEqual([0, 0, 0, 0]);
  expect(system.tree().children[0]?.intensity?.used).toBe(0);
}

describe('after a normal end', () => {
  test('permanent_normal: the child is restarted, and its end reported', async () => {
    const test = await subject('permanent');
    await end(test.child, 'normal');
    expectRestarted(test, test.child, 'normal');
  });

  test('transient_normal: the child is not restarted, and its end not reported', async () => {
    const test = await subject('transient');
    await end(test.child, 'normal');
    expectStopped(test);
    expect(typesOf(test.reports)).toEqual([]);
  });

  test('temporary_normal: the child is forgotten, and its end not reported', async () => {
    const test = await subject('temporary');
    await end(test.child, 'normal');
    expectGone(test);
    expect(typesOf(test.reports)).toEqual([]);
  });
});

describe('after an end with shutdown', () => {
  test('permanent_shutdown: the child is restarted, whether it says why or not', async () => {
    const test = await subject('permanent');
    await end(test.child, 'shutdown');
    expectRestarted(test, test.child, 'shutdown');
    const second = refOf(test.sup, 'child1');
    await end(second, 'info');
    expectRestarted(test, second, 'info');
  });

  test('transient_shutdown: the child is not restarted, whether it says why or not, except on request', async () => {
    const test = await subject('transient');
    await end(test.child, 'shutdown');
    expectStopped(test);
    const second = started(await restartChild(test.sup, 'child1'));
    await end(second, 'info');
    expectStopped(test);
    expect(typesOf(test.reports)).toEqual([]);
  });

  test('temporary_shutdown: the child is forgotten, whether it says why or not; its id is free again', async () => {
    const test = await subject('temporary');
    await end(test.child, 'shutdown');
    expectGone(test);
    const second = started(await startChild(test.sup, workerSpec('child1', { restart: 'temporary' })));
    expect(countsOf(test.sup)).toEqual([1, 1, 0, 1]);
    await end(second, 'info');
    expectGone(test);
    expect(typesOf(test.reports)).toEqual([]);
  });
});

describe('after an abnormal end', () => {
  const abnormal = ['abnormal', 'killed'] as const;

  test.each(abnormal)('permanent_abnormal: the child is restarted (%s)', async (ending) => {
    const test = await subject('permanent');
    await end(test.child, ending);
    expectRestarted(test, test.child, ending);
  });

  test.each(abnormal)('transient_abnormal: the child is restarted (%s)', async (ending) => {
    const test = await subject('transient');
    await end(test.child, ending);
    expectRestarted(test, test.child, ending);
  });

  test.each(abnormal)(
    'temporary_abnormal: the child is forgotten, but its end is reported (%s)',
    async (ending) => {
      const test = await subject('temporary');
      await end(test.child, ending);
      expectGone(test);
      expect(typesOf(test.reports)).toEqual(['child_terminated']);
    },
  );
});

describe('temporary_bystander', () => {
  test.each(['one_for_all', 'rest_for_one'] as const)(
    'temporary_bystander: under %s a temporary sibling is stopped and not restarted; the supervisor lives on',
    async (strategy) => {
      const { sup, reports } = await supervise({ strategy });
      const child1 = started(await startChild(sup, workerSpec('child1', { shutdown: 100 })));
      const temporary = workerSpec('child2', { shutdown: 100, restart: 'temporary' });
      const child2 = started(await startChild(sup, temporary));
      const exits = exitsOf({ child1, child2 });
      await end(child1, 'normal');
      expect(exits).toEqual({ child1: { kind: 'normal' }, child2: { kind: 'shutdown' } });
      expect(sup.getSnapshot().status).toBe('active');
      expect(whichChildren(sup)).toEqual([{ id: 'child1', child: refOf(sup, 'child1'), type: 'worker' }]);
      expect(refOf(sup, 'child1')).not.toBe(child1);
      expect(typesOf(reports)).toEqual(['child_terminated']);
      expect(await startChild(sup, temporary)).toMatchObject({ ok: true });
    },
  );
});
