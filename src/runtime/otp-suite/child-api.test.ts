/** OTP's supervisor_SUITE.erl: the calls that start, terminate, restart, delete and list children. */
import { describe, expect, test } from 'vitest';
import { type AnyActorRef, isMachineSnapshot } from 'xstate';
import {
  deleteChild,
  getChildSpec,
  reconfigure,
  restartChild,
  startChild,
  startInstance,
  terminateChild,
  terminateInstance,
  whichChildren,
} from '../index.ts';
import { quiet } from '../test-doubles.ts';
import { countsOf, end, exitsOf, refOf, started, supervise, workerSpec } from './testing.ts';

const DONE = { ok: true, value: undefined };

const refusal = (kind: string) => ({ ok: false, error: { kind } });
const listed = (sup: AnyActorRef) => whichChildren(sup).map(({ id, child, type }) => [id, child, type]);
const isAlive = (ref: AnyActorRef): boolean => ref.getSnapshot().status === 'active';

describe('child_adm', () => {
  const child1 = workerSpec('child1');

  test('child_adm: a child that runs is not started again', async () => {
    const { sup } = await supervise({ children: [child1] });
    const ref = refOf(sup, 'child1');
    expect(listed(sup)).toEqual([['child1', ref, 'worker']]);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    expect(await startChild(sup, child1)).toEqual({ ok: false, error: { kind: 'already-started', ref } });
    expect(await restartChild(sup, 'child1')).toEqual(refusal('running'));
    expect(await deleteChild(sup, 'child1')).toEqual(refusal('running'));
    expect(refOf(sup, 'child1')).toBe(ref);
  });

  test('child_adm: one that is terminated exits with shutdown and stays known; terminating it twice is fine', async () => {
    const { sup } = await supervise({ children: [child1] });
    const exits = exitsOf({ child1: refOf(sup, 'child1') });
    expect(await terminateChild(sup, 'child1')).toEqual(DONE);
    await quiet();
    expect(exits).toEqual({ child1: { kind: 'shutdown' } });
    expect(await terminateChild(sup, 'child1')).toEqual(DONE);
    expect(listed(sup)).toEqual([['child1', undefined, 'worker']]);
    expect(countsOf(sup)).toEqual([1, 0, 0, 1]);
    expect(await startChild(sup, child1)).toEqual(refusal('already-present'));
  });

  test('child_adm: one that is stopped is restarted, and deleted, on request', async () => {
    const { sup } = await supervise({ children: [child1] });
    const first = refOf(sup, 'child1');
    await terminateChild(sup, 'child1');
    const second = started(await restartChild(sup, 'child1'));
    expect(second).not.toBe(first);
    expect(listed(sup)).toEqual([['child1', second, 'worker']]);
    await terminateChild(sup, 'child1');
    expect(await deleteChild(sup, 'child1')).toEqual(DONE);
    expect(await restartChild(sup, 'child1')).toEqual(refusal('not-found'));
    expect(listed(sup)).toEqual([]);
    expect(countsOf(sup)).toEqual([0, 0, 0, 0]);
    const third = started(await startChild(sup, child1));
    expect(listed(sup)).toEqual([['child1', third, 'worker']]);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });

  test('child_adm: a child that nobody knows is not found', async () => {
    const { sup } = await supervise({ children: [child1] });
    expect(await terminateChild(sup, 'hej')).toEqual(refusal('not-found'));
    expect(await restartChild(sup, 'hej')).toEqual(refusal('not-found'));
    expect(await deleteChild(sup, 'hej')).toEqual(refusal('not-found'));
    expect(getChildSpec(sup, 'hej')).toEqual(refusal('not-found'));
  });

  test('child_adm: a child with an id is not terminated by its reference', async () => {
    const { sup } = await supervise({ children: [child1] });
    const ref = refOf(sup, 'child1');
    expect(await terminateInstance(sup, ref)).toEqual(refusal('not-simple-one-for-one'));
    expect(await startInstance(sup)).toEqual(refusal('not-simple-one-for-one'));
    await quiet();
    expect(listed(sup)).toEqual([['child1', ref, 'worker']]);
    expect(isAlive(ref)).toBe(true);
  });

  test('child_adm: a supervisor that has ended answers noproc to everything, and has no children', async () => {
    const { sup, system } = await supervise({ children: [child1] });
    const ref = refOf(sup, 'child1');
    await system.stop();
    const answers = await Promise.all([
      startChild(sup, child1),
      startInstance(sup),
      restartChild(sup, 'child1'),
      terminateChild(sup, 'child1'),
      terminateInstance(sup, ref),
      deleteChild(sup, 'child1'),
      reconfigure(sup),
      getChildSpec(sup, 'child1'),
    ]);
    expect(answers).toEqual(Array(8).fill(refusal('noproc')));
    expect(listed(sup)).toEqual([]);
    expect(countsOf(sup)).toEqual([0, 0, 0, 0]);
  });
});

describe('child_adm_simple', () => {
  const simple = { strategy: 'simple_one_for_one', children: [workerSpec('child')] } as const;

  test('child_adm_simple: there is one specification and as many children as were started', async () => {
    const { sup } = await supervise(simple);
    expect(listed(sup)).toEqual([]);
    expect(countsOf(sup)).toEqual([1, 0, 0, 0]);
    const ref1 = started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    const ref2 = started(await startInstance(sup));
    expect(countsOf(sup)).toEqual([1, 2, 0, 2]);
    expect(whichChildren(sup).map(({ child }) => child)).toEqual([ref2, ref1]);
  });

  test('child_adm_simple: an instance is terminated by its reference, and twice is fine', async () => {
    const { sup } = await supervise(simple);
    const [ref1, ref2] = [started(await startInstance(sup)), started(await startInstance(sup))];
    const exits = exitsOf({ ref1, ref2 });
    for (let time = 0; time < 2; time++) {
      expect(await terminateInstance(sup, ref1)).toEqual(DONE);
      expect(whichChildren(sup).map(({ child }) => child)).toEqual([ref2]);
      expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    }
    await quiet();
    expect(exits).toEqual({ ref1: { kind: 'shutdown' } });
  });

  test('child_adm_simple: a live actor that is not an instance of it is refused, and lives on', async () => {
    const { sup } = await supervise(simple);
    const { sup: another } = await supervise(simple);
    const foreign = started(await startInstance(another));
    expect(await terminateInstance(sup, foreign)).toEqual(refusal('not-found'));
    await quiet();
    expect(isAlive(foreign)).toBe(true);
    expect(countsOf(another)).toEqual([1, 1, 0, 1]);
  });

  test('child_adm_simple: calls by id are refused, and change nothing', async () => {
    const { sup } = await supervise(simple);
    const ref = started(await startInstance(sup));
    for (const id of ['child', whichChildren(sup)[0]?.id ?? 'none']) {
      expect(await terminateChild(sup, id)).toEqual(refusal('simple-one-for-one'));
      expect(await restartChild(sup, id)).toEqual(refusal('simple-one-for-one'));
      expect(await deleteChild(sup, id)).toEqual(refusal('simple-one-for-one'));
    }
    expect(await startChild(sup, workerSpec('other'))).toEqual(refusal('simple-one-for-one'));
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
    expect(isAlive(ref)).toBe(true);
  });
});

describe('extra_return', () => {
  const child1 = workerSpec('child1', {
    info: (snapshot) => (isMachineSnapshot(snapshot) ? `is ${snapshot.value}` : undefined),
  });

  test('extra_return: what a child says of itself is passed on to who starts or restarts it', async () => {
    const { sup } = await supervise();
    const first = await startChild(sup, child1);
    expect(first).toEqual({ ok: true, value: { ref: refOf(sup, 'child1'), info: 'is awake' } });
    await terminateChild(sup, 'child1');
    const second = await restartChild(sup, 'child1');
    expect(second).toEqual({ ok: true, value: { ref: refOf(sup, 'child1'), info: 'is awake' } });
    expect(listed(sup)).toEqual([['child1', started(second), 'worker']]);
  });

  test('extra_return: an instance passes it on too', async () => {
    const { sup } = await supervise({ strategy: 'simple_one_for_one', children: [child1] });
    expect(await startInstance(sup)).toMatchObject({ ok: true, value: { info: 'is awake' } });
  });

  test('extra_return: such a child is restarted by itself as any other', async () => {
    const { sup } = await supervise({ children: [child1] });
    const first = refOf(sup, 'child1');
    await end(first, 'abnormal');
    expect(refOf(sup, 'child1')).not.toBe(first);
    expect(countsOf(sup)).toEqual([1, 1, 0, 1]);
  });
});
