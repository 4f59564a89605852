/** OTP's supervisor_SUITE.erl: a great many children are counted right, and nobody starves because of them. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type ChildSpec, countChildren, startInstance, supervisor, terminateInstance } from '../index.ts';
import { probe, quiet, stage, until } from '../test-doubles.ts';
import { flaky, idle } from './doubles.ts';
import { countsOf, end, refOf, started, supervise, workerSpec } from './testing.ts';

const THOUSAND = 1_000;
const MANY = 10 * THOUSAND;

const simple = (spec: Partial<ChildSpec>) => {
  const template = { id: 'child', logic: idle, restart: 'temporary' as const, ...spec };
  return supervise({ strategy: 'simple_one_for_one', children: [template] });
};

async function instances(sup: AnyActorRef, count: number): Promise<readonly AnyActorRef[]> {
  return (await Promise.all(Array.from({ length: count }, () => startInstance(sup)))).map(started);
}

const terminateAll = (sup: AnyActorRef, refs: readonly AnyActorRef[]) =>
  Promise.all(refs.map((ref) => terminateInstance(sup, ref)));

/** Notes how much had been logged each time that another macrotask had its turn. */
function bystander(log: readonly string[]) {
  let wanted = true;
  let last = log.length;
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, log.length - last);
    last = log.length;
    if (wanted) setImmediate(look);
  };
  setImmediate(look);
  return {
    /** The most that was done without letting it have its turn. */
    longestWait: () => longest,
    leave: () => {
      wanted = false;
    },
  };
}

describe('count_children', () => {
  test('count_children: 1000 and 2000 instances of one specification are counted, and none once they have ended', async () => {
    const { sup } = await simple({});
    expect(countsOf(sup)).toEqual([1, 0, 0, 0]);
    const first = await instances(sup, THOUSAND);
    expect(countsOf(sup)).toEqual([1, THOUSAND, 0, THOUSAND]);
    const second = await instances(sup, THOUSAND);
    expect(countsOf(sup)).toEqual([1, 2 * THOUSAND, 0, 2 * THOUSAND]);
    await terminateAll(sup, [...first, ...second]);
    expect(countsOf(sup)).toEqual([1, 0, 0, 0]);
  });

  test('count_children_supervisor: instances that are supervisors are counted as such', async () => {
    const { sup } = await simple({ logic: supervisor({ children: [] }) });
    const first = await instances(sup, THOUSAND);
    expect(countsOf(sup)).toEqual([1, THOUSAND, THOUSAND, 0]);
    const second = await instances(sup, THOUSAND);
    expect(countsOf(sup)).toEqual([1, 2 * THOUSAND, 2 * THOUSAND, 0]);
    await terminateAll(sup, [...first, ...second]);
    expect(countsOf(sup)).toEqual([1, 0, 0, 0]);
  });

  test('count_restarting_children: an instance between two incarnations is known, but not active', async () => {
    const failing = flaky([], 'child');
    const { sup } = await supervise({
      strategy: 'simple_one_for_one',
      intensity: THOUSAND,
      children: [failing.spec],
    });
    const ref = started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    await end(ref, 'killed');
    expect(countsOf(sup)).toEqual([1, 0, 0, 1]);
    failing.broken = false;
    await quiet();
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test('count_restarting_children: nor is a child with an id', async () => {
    const failing = flaky([], 'child1');
    const { sup } = await supervise({ intensity: THOUSAND, children: [failing.spec, workerSpec('child2')] });
    await end(refOf(sup, 'child1'), 'killed');
    expect(countsOf(sup)).toEqual([2, 1, 0, 2]);
  });
});

describe('scale', () => {
  test('simple_one_for_one_scale_many_temporary_children: each of 10 000 that is terminated is gone, and none besides', async () => {
    const { sup } = await simple({});
    const refs = await instances(sup, MANY);
    const [kept, ...others] = refs;
    await terminateAll(sup, others);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    expect(kept?.getSnapshot().status).toBe('active');
    expect(others.some((ref) => ref.getSnapshot().status === 'active')).toBe(false);
    started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 2, 0, 2]);
  });

  test('scale_start_stop_many_children: 10 000 start and stop in order, and others have their turn in between', async () => {
    const log: string[] = [];
    const ids = Array.from({ length: MANY }, (_, n) => `child${n}`);
    const children = ids.map((id) => ({ id, logic: probe(log, id) }));
    const other = bystander(log);
    const { system } = await stage(supervisor({ children }));
    expect(log).toEqual(ids.map((id) => `+${id}`));
    await system.stop();
    expect(log.slice(MANY)).toEqual(ids.toReversed().map((id) => `-${id}`));
    await quiet();
    other.leave();
    expect(other.longestWait()).toBeLessThanOrEqual(MANY / 100);
  });

  test('scale_start_stop_many_children: 10 000 that are all restarted come back in order, with turns in between', async () => {
    const log: string[] = [];
    const ids = Array.from({ length: MANY }, (_, n) => `child${n}`);
    const children = ids.map((id) => ({ id, logic: probe(log, id) }));
    const { system, sup } = await supervise({ strategy: 'one_for_all', children });
    log.length = 0;
    const other = bystander(log);
    system.crash('root/sup/child0');
    await until(() => log.length === 2 * MANY && countChildren(sup).active === MANY);
    other.leave();
    expect(log.slice(0, MANY)).toEqual([
      '-child0',
      ...ids
        .slice(1)
        .toReversed()
        .map((id) => `-${id}`),
    ]);
    expect(log.slice(MANY)).toEqual(ids.map((id) => `+${id}`));
    expect(other.longestWait()).toBeLessThanOrEqual(MANY / 100);
  });
});
