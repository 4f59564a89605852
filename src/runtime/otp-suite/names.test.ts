/** OTP's supervisor_SUITE.erl: names that are kept outside of the system, which stand in the place of global ones. */
import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type ChildSpec, createRegistry, supervisor, terminateChild } from '../index.ts';
import { quiet } from '../test-doubles.ts';
import { idle } from './doubles.ts';
import { end, refOf, supervise } from './testing.ts';

async function named() {
  const registry = createRegistry();
  const via = (name: string): Pick<ChildSpec, 'id' | 'name'> => ({ id: name, name: { via: registry, name } });
  const inner = supervisor({ intensity: 0, children: [{ ...via('worker1'), logic: idle }] });
  const children: ChildSpec[] = [
    { ...via('inner'), logic: inner },
    { ...via('worker2'), logic: idle },
  ];
  const { sup } = await supervise({ strategy: 'one_for_all', intensity: 5, children });
  const whereis = (name: string): AnyActorRef | undefined => registry.whereis(name);
  return { sup, whereis };
}

describe('simple_global_supervisor', () => {
  test('simple_global_supervisor: a child that is killed holds its name again once it is restarted', async () => {
    const { sup, whereis } = await named();
    const former = refOf(sup, 'worker2');
    expect(whereis('worker2')).toBe(former);
    await end(former, 'killed');
    expect(whereis('worker2')).toBe(refOf(sup, 'worker2'));
    expect(whereis('worker2')).not.toBe(former);
  });

  test('simple_global_supervisor: a supervisor and its children hold their names again after it gave up', async () => {
    const { sup, whereis } = await named();
    const former = [refOf(sup, 'inner'), refOf(refOf(sup, 'inner'), 'worker1'), refOf(sup, 'worker2')];
    await end(refOf(refOf(sup, 'inner'), 'worker1'), 'killed');
    const inner = refOf(sup, 'inner');
    expect(whereis('inner')).toBe(inner);
    expect(whereis('worker1')).toBe(refOf(inner, 'worker1'));
    expect(whereis('worker2')).toBe(refOf(sup, 'worker2'));
    for (const name of ['inner', 'worker1', 'worker2']) expect(former).not.toContain(whereis(name));
  });

  test('simple_global_supervisor: a child that is stopped holds no name, nor do those below it', async () => {
    const { sup, whereis } = await named();
    await terminateChild(sup, 'inner');
    await quiet();
    expect(whereis('inner')).toBeUndefined();
    expect(whereis('worker1')).toBeUndefined();
    expect(whereis('worker2')).toBe(refOf(sup, 'worker2'));
  });
});
