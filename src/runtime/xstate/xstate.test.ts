import { expect, test } from 'vitest';
import { createActor, createMachine, fromCallback, fromTransition } from 'xstate';
import { send, startSystem, supervisor } from '../index.ts';
import { probeSpec, stage, until } from '../test-doubles.ts';

/** What the adapter leans on. A new version of XState that fails here needs `xstate-adapter.ts` read again. */

test('an actor has the inner parts that the adapter reaches for', () => {
  const actor = createActor(fromTransition((count) => count + 1, 0));
  expect(Reflect.get(actor, 'mailbox')).toMatchObject({
    start: expect.any(Function),
    clear: expect.any(Function),
    enqueue: expect.any(Function),
  });
  expect(Reflect.get(actor, '_error')).toBeTypeOf('function');
  expect(Reflect.get(actor, '_actorScope')).toMatchObject({ stopChild: expect.any(Function) });
  expect(Reflect.get(actor.system, '_relay')).toBeTypeOf('function');
  expect(Object.keys(actor.system.scheduler).sort()).toEqual(['cancel', 'cancelAll', 'schedule']);
  actor.start();
  actor.stop();
  expect(Reflect.get(actor, '_processingStatus')).toBe(2);
});

test('a machine without a limit of its own gets one, and one of its own is kept', async () => {
  const [free, own] = [createMachine({}), createMachine({ options: { maxIterations: 7 } })];
  expect(free.options.maxIterations).toBe(Number.POSITIVE_INFINITY);
  const children = [
    { id: 'free', logic: free },
    { id: 'own', logic: own },
  ];
  const { system } = await stage(supervisor({ strategy: 'one_for_one', children }));
  expect([free.options.maxIterations, own.options.maxIterations]).toEqual([1000, 7]);
  await system.stop();
});

test('an inspector sees who sent what to whom', async () => {
  const arrows: string[] = [];
  const log: string[] = [];
  const asker = fromCallback(({ system, self }) => {
    send(system, 'b', { type: 'question' }, self);
  });
  const children = [probeSpec(log, 'b'), { id: 'a', logic: asker, name: 'a' }];
  const system = await startSystem(supervisor({ strategy: 'one_for_one', children }), {
    inspect: (seen) => {
      if (seen.type !== '@xstate.event' || seen.event.type !== 'question') return;
      arrows.push(`${seen.sourceRef?.sessionId} -> ${seen.actorRef.sessionId}`);
    },
  });
  const [a, b] = [system.whereis('a'), system.whereis('b')];
  expect(arrows).toEqual([`${a?.sessionId} -> ${b?.sessionId}`]);
  await until(() => log.includes('b:question'));
  await system.stop();
});
