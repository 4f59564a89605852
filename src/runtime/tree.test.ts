import { describe, expect, test } from 'vitest';
import { createMachine, fromPromise, sendTo, setup } from 'xstate';
import { type ActorSystemHandle, supervisor } from './index.ts';
import { probeSpec, stage, typesOf, until } from './test-doubles.ts';

describe('the tree', () => {
  test('shows supervisors with their strategy, machines with their state and their own children', async () => {
    const call = fromPromise(() => new Promise(() => {}));
    const turn = setup({ actors: { call } }).createMachine({
      initial: 'thinking',
      states: {
        thinking: { initial: 'calling', states: { calling: { invoke: { src: 'call', id: 'model-call' } } } },
      },
    });
    const work = supervisor({
      strategy: 'rest_for_one',
      intensity: 3,
      period: 7,
      children: [{ id: 'turn', logic: turn }],
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_all', children: [{ id: 'work', logic: work }] }),
    );
    const none = { incarnation: 1, restarts: 0, mailbox: 0, children: [] };
    expect(system.tree()).toEqual({
      ...none,
      id: 'root',
      path: 'root',
      kind: 'supervisor',
      state: 'running',
      ageMs: 0,
      strategy: 'one_for_all 1/5s',
      intensity: { used: 0, allowed: 1 },
      children: [
        {
          ...none,
          id: 'work',
          path: 'root/work',
          kind: 'supervisor',
          state: 'running',
          ageMs: 0,
          strategy: 'rest_for_one 3/7s',
          intensity: { used: 0, allowed: 3 },
          children: [
            {
              ...none,
              id: 'turn',
              path: 'root/work/turn',
              kind: 'worker',
              ageMs: 0,
              state: 'thinking.calling',
              children: [
                {
                  ...none,
                  id: 'model-call',
                  path: 'root/work/turn/model-call',
                  kind: 'worker',
                  state: 'running',
                  ageMs: 0,
                },
              ],
            },
          ],
        },
      ],
    });
    await system.stop();
  });

  test('crash reaches the root too, and says false where nothing is at that path', async () => {
    const log: string[] = [];
    const { system } = await stage(supervisor({ strategy: 'one_for_one', children: [probeSpec(log, 'a')] }));
    expect(system.crash('root/nobody')).toBe(false);
    expect(system.crash('root')).toBe(true);
    expect(await system.exited).toMatchObject({ kind: 'error' });
    expect(log).toEqual(['+a', '-a']);
    await system.stop();
    expect(system.crash('root')).toBe(false);
  });

  const broken = () => {
    throw new Error('inspector broke');
  };

  test.each<[string, (system: ActorSystemHandle) => () => void]>([
    ['of the runtime', (system) => system.inspect(broken)],
    [
      'attached past it',
      (system) => {
        const subscription = system.find('root')?.system.inspect({ next: broken });
        return () => subscription?.unsubscribe();
      },
    ],
  ])('an inspector %s that throws wedges nobody and is reported', async (_whose, attach) => {
    const log: string[] = [];
    const { system, reports } = await stage(
      supervisor({ strategy: 'one_for_one', children: [probeSpec(log, 'a')] }),
    );
    const detach = attach(system);
    system.send('a', { type: 'one' });
    system.send('a', { type: 'two' });
    await until(() => log.includes('a:two'));
    expect(typesOf(reports)).toContain('listener_error');
    detach();
    reports.length = 0;
    system.send('a', { type: 'three' });
    await until(() => log.includes('a:three'));
    expect(reports).toEqual([]);
    await system.stop();
  });

  test('a machine that loops for ever fails instead of hanging the process', async () => {
    const inner = createMachine({
      initial: 'a',
      states: { a: { on: { go: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
    });
    const outer = setup({ actors: { inner } }).createMachine({
      invoke: { src: 'inner', id: 'inner' },
      on: { go: { actions: sendTo('inner', { type: 'go' }) } },
    });
    const { system } = await stage(
      supervisor({
        strategy: 'one_for_one',
        intensity: 0,
        children: [{ id: 'loop', logic: outer, name: 'loop' }],
      }),
    );
    system.send('loop', { type: 'go' });
    const exit = await system.exited;
    expect(JSON.stringify(exit)).toContain('shutdown');
  });
});
