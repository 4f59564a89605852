import { expect, test } from 'vitest';
import { type AnyActorLogic, createActor, createMachine, fromCallback, fromTransition } from 'xstate';
import { send, startSystem, supervisor } from '../index.ts';
import { probeSpec, quiet, stage, until } from '../test-doubles.ts';
import { checkActor, checkSystem, isDeaf } from './internals.ts';

/** What this folder leans on. A new version of XState that fails here needs the folder read again. */

test('an actor has the inner parts that are reached for', () => {
  const actor = createActor(fromTransition((count) => count + 1, 0));
  expect(() => checkActor(actor)).not.toThrow();
  expect(() => checkSystem(actor.system)).not.toThrow();
  expect(Reflect.get(actor, 'mailbox')).toMatchObject({
    start: expect.any(Function),
    clear: expect.any(Function),
    enqueue: expect.any(Function),
  });
  expect(Reflect.get(actor, '_actorScope')).toMatchObject({ stopChild: expect.any(Function) });
  expect(Object.keys(actor.system.scheduler).sort()).toEqual(['cancel', 'cancelAll', 'schedule']);
  actor.start();
  expect(isDeaf(actor)).toBe(false);
  actor.stop();
  expect(isDeaf(actor)).toBe(true);
});

test('an inner part that is missing is named', () => {
  const actor = createActor(fromTransition((count) => count + 1, 0));
  Reflect.set(actor, '_process', undefined);
  expect(() => checkActor(actor)).toThrow('no function `_process` any more');
});

test('an actor stopped while it handles a message handles that to the end, and no other', async () => {
  const log: string[] = [];
  const logic: AnyActorLogic = fromTransition((count, event: { type: string }, { self }) => {
    log.push(event.type);
    if (event.type === 'stop me') {
      self.send({ type: 'too late' });
      self.send({ type: 'xstate.stop' });
      log.push('still here');
    }
    return count + 1;
  }, 0);
  const { system } = await stage(
    supervisor({ strategy: 'one_for_one', children: [{ id: 'a', logic, name: 'a' }] }),
  );
  system.send('a', { type: 'stop me' });
  await until(() => log.length > 2);
  await quiet();
  expect(log.slice(0, 3)).toEqual(['stop me', 'still here', 'xstate.stop']);
  expect(log).not.toContain('too late');
  await system.stop();
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
