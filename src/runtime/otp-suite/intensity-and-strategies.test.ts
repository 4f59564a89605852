/** OTP's supervisor_SUITE.erl: how often a supervisor restarts, whom it restarts with whom, and when it gives up. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type ChildSpec, startChild, supervisor } from '../index.ts';
import { fragile, probeSpec, typesOf } from '../test-doubles.ts';
import { flaky } from './doubles.ts';
import { countsOf, end, exitsOf, refOf, type Supervised, started, supervise } from './testing.ts';

const GAVE_UP = { sup: { kind: 'shutdown', cause: expect.any(Error) } };
const SHUTDOWN = { kind: 'shutdown' };

const usedBy = ({ system }: Supervised) => system.tree().children[0]?.intensity?.used;
const refsOf = (sup: AnyActorRef, ...ids: string[]) => ids.map((id) => refOf(sup, id));

async function killChild(sup: AnyActorRef, id: string): Promise<void> {
  await end(refOf(sup, id), 'killed');
}

describe('multiple_restarts', () => {
  const children = [probeSpec([], 'child1')];

  test('multiple_restarts: crashes that are further apart than the period never add up', async () => {
    const { sup, clock, system } = await supervise({ intensity: 1, period: 1, children });
    for (let crash = 0; crash < 4; crash++) {
      await killChild(sup, 'child1');
      clock.increment(2_100);
    }
    expect(refOf(sup, 'child1').getSnapshot().status).toBe('active');
    expect(system.find('root/sup')).toBe(sup);
  });

  test('multiple_restarts: one crash too many within the period is one too many', async () => {
    const { sup, clock } = await supervise({ intensity: 1, period: 1, children });
    const exits = exitsOf({ sup });
    await killChild(sup, 'child1');
    clock.increment(1_000);
    await killChild(sup, 'child1');
    expect(exits).toEqual(GAVE_UP);
  });
});

describe('one_for_one', () => {
  test('one_for_one: only the child that ended is replaced', async () => {
    const log: string[] = [];
    const { sup } = await supervise({ children: [probeSpec(log, 'child1'), probeSpec(log, 'child2')] });
    const [child1, child2] = refsOf(sup, 'child1', 'child2');
    await killChild(sup, 'child1');
    expect(refOf(sup, 'child1')).not.toBe(child1);
    expect(refOf(sup, 'child2')).toBe(child2);
    expect(countsOf(sup)).toEqual([2, 2, 0, 2]);
    expect(log).toEqual(['+child1', '+child2', '-child1', '+child1']);
  });

  test('one_for_one: with an intensity of 2 the third end within the period ends the supervisor', async () => {
    const { sup, reports } = await supervise({
      intensity: 2,
      children: [probeSpec([], 'child1'), probeSpec([], 'child2')],
    });
    const exits = exitsOf({ sup });
    await killChild(sup, 'child1');
    await killChild(sup, 'child2');
    expect(exits).toEqual({});
    const [child2] = refsOf(sup, 'child2');
    await killChild(sup, 'child1');
    expect(exits).toEqual(GAVE_UP);
    expect(child2?.getSnapshot().status).not.toBe('active');
    expect(typesOf(reports)).toEqual(Array(3).fill('child_terminated').concat('shutdown'));
  });

  test('one_for_one_escalation: a child that never comes back exhausts the intensity and ends all', async () => {
    const failing = flaky([], 'child1');
    const { sup, reports } = await supervise({
      intensity: 4,
      children: [failing.spec, probeSpec([], 'child2')],
    });
    const exits = exitsOf({ sup, child2: refOf(sup, 'child2') });
    await killChild(sup, 'child1');
    expect(exits).toEqual({ ...GAVE_UP, child2: SHUTDOWN });
    expect(failing.attempts).toBe(1 + 4);
    expect(typesOf(reports)).toEqual(['child_terminated', ...Array(4).fill('start_error'), 'shutdown']);
  });
});

describe('one_for_all', () => {
  test('one_for_all: the siblings are stopped in reverse order, and all start anew', async () => {
    const log: string[] = [];
    const children = ['child1', 'child2', 'child3'].map((id) => probeSpec(log, id));
    const { sup } = await supervise({ strategy: 'one_for_all', children });
    const former = refsOf(sup, 'child1', 'child2', 'child3');
    const exits = exitsOf({ child1: refOf(sup, 'child1'), child3: refOf(sup, 'child3') });
    log.length = 0;
    await killChild(sup, 'child2');
    expect(log).toEqual(['-child2', '-child3', '-child1', '+child1', '+child2', '+child3']);
    expect(exits).toEqual({ child1: SHUTDOWN, child3: SHUTDOWN });
    for (const ref of refsOf(sup, 'child1', 'child2', 'child3')) expect(former).not.toContain(ref);
  });

  test('one_for_all: a crash counts once, however many are restarted for it', async () => {
    const children = ['child1', 'child2', 'child3'].map((id) => probeSpec([], id));
    const supervised = await supervise({ strategy: 'one_for_all', intensity: 2, children });
    const exits = exitsOf({ sup: supervised.sup });
    await killChild(supervised.sup, 'child1');
    expect(usedBy(supervised)).toBe(1);
    await killChild(supervised.sup, 'child3');
    expect(usedBy(supervised)).toBe(2);
    expect(exits).toEqual({});
    await killChild(supervised.sup, 'child2');
    expect(exits).toEqual(GAVE_UP);
  });

  test('one_for_all_escalation: a child that never comes back takes down all', async () => {
    const log: string[] = [];
    const failing = flaky(log, 'child2');
    const children = [probeSpec(log, 'child1'), failing.spec];
    const { sup } = await supervise({ strategy: 'one_for_all', intensity: 4, children });
    const exits = exitsOf({ sup });
    await killChild(sup, 'child1');
    expect(exits).toEqual(GAVE_UP);
    expect(failing.attempts).toBe(1 + 4);
    expect(log.filter((line) => line === '+child1')).toHaveLength(1 + 4);
    expect(log.filter((line) => line === '-child1')).toHaveLength(1 + 4);
  });

  test('one_for_all_other_child_fails_restart: what had come back is stopped again before the next attempt', async () => {
    const log: string[] = [];
    const children = [probeSpec(log, 'child1'), failsOnce(log, 'child2')];
    const supervised = await supervise({ strategy: 'one_for_all', children });
    log.length = 0;
    await killChild(supervised.sup, 'child1');
    expect(log).toEqual(['-child1', '-child2', '+child1', '-child1', '+child1', '+child2']);
    expect(usedBy(supervised)).toBe(2);
  });
});

describe('rest_for_one', () => {
  test('rest_for_one: those started before it keep running, those after it are replaced', async () => {
    const log: string[] = [];
    const children = ['child1', 'child2', 'child3'].map((id) => probeSpec(log, id));
    const { sup } = await supervise({ strategy: 'rest_for_one', children });
    const [child1, child2, child3] = refsOf(sup, 'child1', 'child2', 'child3');
    log.length = 0;
    await killChild(sup, 'child2');
    expect(log).toEqual(['-child2', '-child3', '+child2', '+child3']);
    expect(refOf(sup, 'child1')).toBe(child1);
    expect(refOf(sup, 'child2')).not.toBe(child2);
    expect(refOf(sup, 'child3')).not.toBe(child3);
  });

  test('rest_for_one: the end of the last one concerns nobody else', async () => {
    const children = ['child1', 'child2'].map((id) => probeSpec([], id));
    const { sup } = await supervise({ strategy: 'rest_for_one', children });
    const [child1, child2] = refsOf(sup, 'child1', 'child2');
    await killChild(sup, 'child2');
    expect(refOf(sup, 'child1')).toBe(child1);
    expect(refOf(sup, 'child2')).not.toBe(child2);
  });

  test('rest_for_one_escalation: a child that never comes back takes down all, those before it included', async () => {
    const failing = flaky([], 'child2');
    const children = [probeSpec([], 'child1'), failing.spec, probeSpec([], 'child3')];
    const { sup } = await supervise({ strategy: 'rest_for_one', intensity: 4, children });
    const exits = exitsOf({ sup, child1: refOf(sup, 'child1') });
    await killChild(sup, 'child2');
    expect(exits).toEqual({ ...GAVE_UP, child1: SHUTDOWN });
    expect(failing.attempts).toBe(1 + 4);
  });

  test('rest_for_one_other_child_fails_restart: the next attempt begins with the child that failed', async () => {
    const log: string[] = [];
    const children = [probeSpec(log, 'child1'), failsOnce(log, 'child2'), probeSpec(log, 'child3')];
    const supervised = await supervise({ strategy: 'rest_for_one', children });
    log.length = 0;
    await killChild(supervised.sup, 'child1');
    expect(log).toEqual(['-child1', '-child3', '-child2', '+child1', '+child2', '+child3']);
    expect(usedBy(supervised)).toBe(2);
    const nodes = supervised.system.tree().children[0]?.children;
    expect(nodes?.map(({ incarnation }) => incarnation)).toEqual([2, 3, 2]);
  });
});

describe('tree', () => {
  async function nested() {
    const child3 = probeSpec([], 'child3');
    const child4 = probeSpec([], 'child4');
    const { sup, ...staged } = await supervise({
      strategy: 'one_for_all',
      intensity: 4,
      children: [
        { id: 'dynamic', name: 'dynamic', logic: supervisor({ intensity: 1, period: 3600, children: [] }) },
        { id: 'static', name: 'static', logic: supervisor({ children: [child3, child4] }) },
      ],
    });
    const child1 = started(await startChild(refOf(sup, 'dynamic'), probeSpec([], 'child1')));
    const child2 = started(await startChild(refOf(sup, 'dynamic'), probeSpec([], 'child2')));
    return { sup, child1, child2, ...staged };
  }

  test('tree: where a worker ends, only that worker is replaced', async () => {
    const { sup, child1, child2 } = await nested();
    const [dynamic, fixed] = refsOf(sup, 'dynamic', 'static');
    await end(child1, 'killed');
    expect(refOf(sup, 'dynamic')).toBe(dynamic);
    expect(refOf(sup, 'static')).toBe(fixed);
    expect(refOf(refOf(sup, 'dynamic'), 'child1')).not.toBe(child1);
    expect(refOf(refOf(sup, 'dynamic'), 'child2')).toBe(child2);
  });

  test('tree: where a supervisor gives up, its static siblings come back with their children, its dynamic children do not', async () => {
    const { sup, child1, child2 } = await nested();
    const [dynamic, fixed] = refsOf(sup, 'dynamic', 'static');
    const child3 = refOf(refOf(sup, 'static'), 'child3');
    await end(child1, 'killed');
    await end(child2, 'killed');
    expect(refOf(sup, 'dynamic')).not.toBe(dynamic);
    expect(refOf(sup, 'static')).not.toBe(fixed);
    expect(countsOf(refOf(sup, 'dynamic'))).toEqual([0, 0, 0, 0]);
    expect(countsOf(refOf(sup, 'static'))).toEqual([2, 2, 0, 2]);
    expect(refOf(refOf(sup, 'static'), 'child3')).not.toBe(child3);
  });
});

/** It fails to come back the first time that it should. */
function failsOnce(log: string[], id: string): ChildSpec {
  return { id, logic: fragile(log, id, (attempt) => attempt === 2) };
}
