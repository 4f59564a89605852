import { describe, expect, test } from 'vitest';
import { createMachine, fromCallback, fromPromise, sendTo, setup } from 'xstate';
import type { TreeNode } from '../../core/tree.ts';
import { type ActorSystemHandle, SHUTDOWN_EVENT, StartFailure, supervisor } from '../index.ts';
import { fragile, probe, probeSpec, quiet, stage, typesOf, until } from '../test-doubles.ts';

const node = (tree: TreeNode, path: string): TreeNode => {
  const found = path
    .split('/')
    .slice(1)
    .reduce<TreeNode | undefined>((at, id) => at?.children.find((child) => child.id === id), tree);
  if (!found) throw new Error(`no ${path}`);
  return found;
};

describe('start and stop', () => {
  test('children start in order and stop in reverse order', async () => {
    const log: string[] = [];
    const children = ['a', 'b', 'c'].map((id) => probeSpec(log, id));
    const { system } = await stage(supervisor({ strategy: 'one_for_one', children }));
    await system.stop();
    expect(log).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
    expect(await system.exited).toEqual({ kind: 'shutdown' });
  });

  test('nested supervisors start and stop as one ordered tree', async () => {
    const log: string[] = [];
    const inner = supervisor({
      strategy: 'one_for_one',
      children: [probeSpec(log, 'b'), probeSpec(log, 'c')],
    });
    const children = [probeSpec(log, 'a'), { id: 'inner', logic: inner }, probeSpec(log, 'd')];
    const { system } = await stage(supervisor({ strategy: 'one_for_one', children }));
    await system.stop();
    expect(log).toEqual(['+a', '+b', '+c', '+d', '-d', '-c', '-b', '-a']);
  });

  test('a sibling starts only once the one before it is ready', async () => {
    const log: string[] = [];
    let open = () => {};
    const slow = fromPromise(
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    const isDone = (snapshot: unknown) => JSON.stringify(snapshot).includes('"done"');
    const children = [
      { id: 'slow', logic: slow, restart: 'temporary' as const, ready: isDone },
      probeSpec(log, 'next'),
    ];
    const starting = stage(supervisor({ strategy: 'one_for_one', children }));
    await quiet();
    expect(log).toEqual([]);
    open();
    const { system } = await starting;
    expect(log).toEqual(['+next']);
    await system.stop();
  });

  test('a promise is a child that is ready when it is done', async () => {
    const log: string[] = [];
    const migrate = fromPromise(async () => log.push('migrated'));
    const done = (snapshot: unknown) => JSON.stringify(snapshot).includes('"done"');
    const children = [
      { id: 'migrate', logic: migrate, restart: 'transient' as const, ready: done },
      probeSpec(log, 'next'),
    ];
    const { system } = await stage(supervisor({ strategy: 'rest_for_one', children }));
    expect(log).toEqual(['migrated', '+next']);
    expect(node(system.tree(), 'root/migrate')).toMatchObject({ state: 'stopped', lastExit: 'normal' });
    await system.stop();
  });

  test('a first start that fails stops what had started and says which actor and why', async () => {
    const log: string[] = [];
    const inner = supervisor({
      strategy: 'one_for_one',
      children: [probeSpec(log, 'b'), { id: 'bad', logic: fragile(log, 'bad', () => true) }],
    });
    const children = [probeSpec(log, 'a'), { id: 'inner', logic: inner }, probeSpec(log, 'never')];
    const failure = await stage(supervisor({ strategy: 'one_for_one', intensity: 9, children })).catch(
      (e) => e,
    );
    expect(failure).toBeInstanceOf(StartFailure);
    expect(failure).toMatchObject({ path: 'root/inner/bad', cause: { message: 'bad cannot start' } });
    expect(failure.message).toBe('root/inner/bad could not start: bad cannot start');
    expect(log).toEqual(['+a', '+b', '-b', '-a']);
  });

  test('a child that never gets ready but fails is a failed start', async () => {
    const log: string[] = [];
    const logic = fromPromise(async () => Promise.reject(new Error('no disk')));
    const children = [probeSpec(log, 'a'), { id: 'db', logic, ready: () => false }];
    const failure = await stage(supervisor({ strategy: 'one_for_one', children })).catch((e) => e);
    expect(failure).toMatchObject({ path: 'root/db', cause: { message: 'no disk' } });
    expect(log).toEqual(['+a', '-a']);
  });

  test('a ready predicate that throws is a failed start', async () => {
    const ready = () => {
      throw new Error('bad predicate');
    };
    const children = [probeSpec([], 'a', { ready })];
    const failure = await stage(supervisor({ strategy: 'one_for_one', children })).catch((e) => e);
    expect(failure).toMatchObject({ path: 'root/a', cause: { message: 'bad predicate' } });
  });

  test('two children of one id, and figures that make no sense, are refused when the supervisor is written', () => {
    const children = [probeSpec([], 'a'), probeSpec([], 'a')];
    expect(() => supervisor({ strategy: 'one_for_one', children })).toThrow(
      'child "a": id must be unique among its siblings, not "a"',
    );
    expect(() => supervisor({ strategy: 'one_for_one', intensity: -1, children: [] })).toThrow('intensity');
    expect(() => supervisor({ strategy: 'one_for_one', period: 0, children: [] })).toThrow('period');
  });
});

describe('graceful shutdown', () => {
  const drain = (log: string[], id: string, obeys: boolean) =>
    setup({ types: { events: {} as { type: 'supervisor.shutdown' } | { type: 'drained' } } }).createMachine({
      initial: 'open',
      states: {
        open: { on: { 'supervisor.shutdown': 'draining' } },
        draining: {
          entry: ({ self }) => {
            log.push(`draining ${id}`);
            if (obeys) setImmediate(() => self.send({ type: 'drained' }));
          },
          on: { drained: 'closed' },
        },
        closed: { type: 'final', entry: () => log.push(`drained ${id}`) },
      },
    });

  test('a graceful child ends its work before the one before it is stopped', async () => {
    const log: string[] = [];
    const children = [
      probeSpec(log, 'db'),
      { id: 'queue', logic: drain(log, 'queue', true), graceful: true },
    ];
    const { system, reports } = await stage(supervisor({ strategy: 'one_for_one', children }));
    await system.stop();
    expect(log).toEqual(['+db', 'draining queue', 'drained queue', '-db']);
    expect(typesOf(reports)).toEqual([]);
  });

  test('a child that hangs is killed when its time is over', async () => {
    const log: string[] = [];
    const children = [
      probeSpec(log, 'db'),
      { id: 'queue', logic: drain(log, 'queue', false), graceful: true, shutdown: 1000 },
    ];
    const { system, clock, reports } = await stage(supervisor({ strategy: 'one_for_one', children }));
    const stopped = system.stop();
    await until(() => log.includes('draining queue'));
    clock.increment(999);
    await quiet();
    expect(log).toEqual(['+db', 'draining queue']);
    clock.increment(1);
    await stopped;
    expect(log).toEqual(['+db', 'draining queue', '-db']);
    expect(reports.at(-1)).toMatchObject({ errorContext: 'shutdown_error', reason: { kind: 'killed' } });
  });

  test('a child marked brutal_kill is not asked', async () => {
    const log: string[] = [];
    const logic = drain(log, 'queue', true);
    const children = [{ id: 'queue', logic, graceful: true, shutdown: 'brutal_kill' as const }];
    const { system, reports } = await stage(supervisor({ strategy: 'one_for_one', children }));
    await system.stop();
    expect(log).toEqual([]);
    expect(typesOf(reports)).toEqual([]);
    expect(system.tree().children[0]?.lastExit).toBe('killed');
  });

  test('the request to end reaches a child whose mailbox is full', async () => {
    const log: string[] = [];
    const mailbox = { capacity: 1, overflow: 'reject' as const };
    const child = { id: 'queue', logic: drain(log, 'queue', true), graceful: true, name: 'queue', mailbox };
    const { system } = await stage(supervisor({ strategy: 'one_for_one', children: [child] }));
    system.send('queue', { type: 'noise' });
    await system.stop();
    expect(log).toEqual(['draining queue', 'drained queue']);
    expect(SHUTDOWN_EVENT.type).toBe('supervisor.shutdown');
  });
});

describe('restart types', () => {
  const crashed = { type: 'crash' };

  test.each(['permanent', 'transient', 'temporary'] as const)('after a crash: %s', async (restart) => {
    const log: string[] = [];
    const children = [probeSpec(log, 'a', { restart })];
    const { system, reports } = await stage(supervisor({ strategy: 'one_for_one', children }));
    const first = system.whereis('a');
    expect(system.send('a', crashed)).toBe(true);
    await until(() => system.whereis('a') !== first);
    await quiet();
    expect(reports).toContainEqual({
      type: 'supervisor_report',
      supervisor: 'root',
      errorContext: 'child_terminated',
      reason: { kind: 'error', error: new Error('a crashed') },
      offender: expect.objectContaining({ path: 'root/a', incarnation: 1, id: 'a', restartType: restart }),
    });
    if (restart === 'temporary') {
      expect(system.tree().children).toEqual([]);
      expect(system.whereis('a')).toBeUndefined();
    } else {
      expect(node(system.tree(), 'root/a')).toMatchObject({
        incarnation: 2,
        restarts: 1,
        state: 'running',
        lastExit: 'error: a crashed',
      });
      expect(log).toEqual(['+a', '-a', '+a']);
    }
    await system.stop();
  });

  const finishes = createMachine({
    initial: 'on',
    states: { on: { on: { end: 'off' } }, off: { type: 'final' } },
  });

  test.each(['permanent', 'transient', 'temporary'] as const)('after a normal end: %s', async (restart) => {
    const children = [{ id: 'a', logic: finishes, restart, name: 'a' }];
    const { system, reports } = await stage(supervisor({ strategy: 'one_for_one', children }));
    const first = system.whereis('a');
    system.send('a', { type: 'end' });
    await until(() => system.whereis('a') !== first);
    await quiet();
    const after = system.tree().children[0];
    if (restart === 'permanent') expect(after).toMatchObject({ incarnation: 2, state: 'on' });
    if (restart === 'transient')
      expect(after).toMatchObject({ incarnation: 1, state: 'stopped', lastExit: 'normal' });
    if (restart === 'temporary') expect(after).toBeUndefined();
    expect(typesOf(reports)).toEqual(restart === 'permanent' ? ['child_terminated'] : []);
    await system.stop();
  });

  test('an input is given to each incarnation', async () => {
    const seen: unknown[] = [];
    const logic = fromCallback(({ input }) => {
      seen.push(input);
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [{ id: 'a', logic, input: { home: '/x' } }] }),
    );
    system.crash('root/a');
    await until(() => seen.length === 2);
    expect(seen).toEqual([{ home: '/x' }, { home: '/x' }]);
    await system.stop();
  });
});

describe('strategies', () => {
  const crashMiddle = async (strategy: 'one_for_one' | 'one_for_all' | 'rest_for_one') => {
    const log: string[] = [];
    const children = ['a', 'b', 'c'].map((id) => probeSpec(log, id));
    const { system } = await stage(supervisor({ strategy, intensity: 5, children }));
    log.length = 0;
    system.send('b', { type: 'crash' });
    await until(() => log.includes('+b') && system.whereis('c') !== undefined);
    await quiet();
    const incarnations = system.tree().children.map(({ incarnation }) => incarnation);
    const seen = [...log];
    await system.stop();
    return { seen, incarnations };
  };

  test('one_for_one leaves the siblings alone', async () => {
    expect(await crashMiddle('one_for_one')).toEqual({ seen: ['-b', '+b'], incarnations: [1, 2, 1] });
  });

  test('one_for_all stops all in reverse and starts all in order', async () => {
    expect(await crashMiddle('one_for_all')).toEqual({
      seen: ['-b', '-c', '-a', '+a', '+b', '+c'],
      incarnations: [2, 2, 2],
    });
  });

  test('rest_for_one restarts what was started after it', async () => {
    expect(await crashMiddle('rest_for_one')).toEqual({
      seen: ['-b', '-c', '+b', '+c'],
      incarnations: [1, 2, 2],
    });
  });

  test.each(['one_for_all', 'rest_for_one'] as const)(
    '%s drops a temporary bystander for good',
    async (strategy) => {
      const log: string[] = [];
      const children = [probeSpec(log, 'a'), probeSpec(log, 'guest', { restart: 'temporary' })];
      const { system, reports } = await stage(supervisor({ strategy, children }));
      system.send('a', { type: 'crash' });
      await until(() => log.filter((line) => line === '+a').length === 2);
      await quiet();
      expect(log).toEqual(['+a', '+guest', '-a', '-guest', '+a']);
      expect(system.tree().children.map(({ id }) => id)).toEqual(['a']);
      expect(typesOf(reports)).toEqual(['child_terminated']);
      await system.stop();
    },
  );

  test('one_for_all: where a sibling fails to come back, all are stopped again before the next try', async () => {
    const log: string[] = [];
    const children = [probeSpec(log, 'a'), { id: 'b', logic: fragile(log, 'b', (attempt) => attempt === 2) }];
    const { system } = await stage(supervisor({ strategy: 'one_for_all', intensity: 3, children }));
    system.send('a', { type: 'crash' });
    await until(() => log.filter((line) => line === '+b').length === 2);
    expect(log).toEqual(['+a', '+b', '-a', '-b', '+a', '-a', '+a', '+b']);
    await system.stop();
  });

  test('rest_for_one: where a later one fails to come back, only it and what follows is tried again', async () => {
    const log: string[] = [];
    const children = [probeSpec(log, 'a'), { id: 'b', logic: fragile(log, 'b', (attempt) => attempt === 2) }];
    const { system } = await stage(supervisor({ strategy: 'rest_for_one', intensity: 3, children }));
    system.send('a', { type: 'crash' });
    await until(() => log.filter((line) => line === '+b').length === 2);
    expect(log).toEqual(['+a', '+b', '-a', '-b', '+a', '+b']);
    await system.stop();
  });
});

describe('restart intensity', () => {
  const crashTimes = async (waits: readonly number[]) => {
    const log: string[] = [];
    const children = [probeSpec(log, 'a'), probeSpec(log, 'b')];
    const { system, clock, reports } = await stage(
      supervisor({ strategy: 'one_for_one', intensity: 2, period: 10, children }),
    );
    for (const wait of waits) {
      clock.increment(wait);
      const before = system.whereis('b');
      system.send('b', { type: 'crash' });
      await until(() => system.whereis('b') !== before);
      await quiet();
    }
    return { system, reports, log };
  };

  test('crashes spread over time never use it up', async () => {
    const { system } = await crashTimes([0, 6_000, 6_000, 6_000, 6_000, 6_000]);
    expect(system.tree().children[1]).toMatchObject({ restarts: 6, state: 'running' });
    await system.stop();
  });

  test('one crash too many within the period stops the others and ends the supervisor', async () => {
    const { system, reports, log } = await crashTimes([0, 5_000, 5_000]);
    const exit = await system.exited;
    expect(exit).toMatchObject({ kind: 'shutdown', cause: { cause: { message: 'b crashed' } } });
    expect(typesOf(reports).slice(-2)).toEqual(['child_terminated', 'shutdown']);
    expect(log.at(-1)).toBe('-a');
    await system.stop();
  });

  test('an intensity of 0 allows no restart', async () => {
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', intensity: 0, children: [probeSpec([], 'a')] }),
    );
    system.send('a', { type: 'crash' });
    expect(await system.exited).toMatchObject({ kind: 'shutdown' });
  });

  test('a start that goes on failing during a restart uses it up and escalates', async () => {
    const log: string[] = [];
    const flaky = { id: 'flaky', name: 'flaky', logic: fragile(log, 'flaky', (attempt) => attempt > 1) };
    const { system, reports } = await stage(
      supervisor({ strategy: 'one_for_one', intensity: 3, children: [probeSpec(log, 'a'), flaky] }),
    );
    system.send('flaky', { type: 'crash' });
    await system.exited;
    const expected = ['child_terminated', 'start_error', 'start_error', 'start_error', 'shutdown'];
    expect(typesOf(reports)).toEqual(expected);
    expect(log).toEqual(['+a', '+flaky', '-flaky', '-a']);
  });

  test('a permanent supervisor that gives up is restarted by its own; a transient one is not', async () => {
    const tree = (restart: 'permanent' | 'transient') =>
      supervisor({
        strategy: 'one_for_one',
        intensity: 5,
        children: [
          {
            id: 'inner',
            restart,
            logic: supervisor({ strategy: 'one_for_one', intensity: 0, children: [probeSpec([], 'a')] }),
          },
        ],
      });
    const permanent = await stage(tree('permanent'));
    permanent.system.send('a', { type: 'crash' });
    await until(() => permanent.system.tree().children[0]?.incarnation === 2);
    expect(permanent.system.whereis('a')).toBeDefined();
    const transient = await stage(tree('transient'));
    transient.system.send('a', { type: 'crash' });
    await until(() => transient.system.tree().children[0]?.state === 'stopped');
    expect(transient.system.tree().children[0]?.lastExit).toContain('shutdown: more than 0 restarts');
    await Promise.all([permanent.system.stop(), transient.system.stop()]);
  });
});

describe('what is left behind', () => {
  test("a crashed machine's own children are stopped before it is restarted", async () => {
    const log: string[] = [];
    const machine = setup({ actors: { ticker: probe(log, 'ticker') } }).createMachine({
      invoke: { src: 'ticker', id: 'ticker' },
      on: {
        crash: {
          actions: () => {
            throw new Error('machine crashed');
          },
        },
      },
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [{ id: 'm', logic: machine, name: 'm' }] }),
    );
    system.send('m', { type: 'crash' });
    await until(() => log.length === 3);
    expect(log).toEqual(['+ticker', '-ticker', '+ticker']);
    await system.stop();
    expect(log).toEqual(['+ticker', '-ticker', '+ticker', '-ticker']);
  });

  test('what a crashed machine within a machine left running is stopped, though its owner lives on', async () => {
    const log: string[] = [];
    const inner = setup({ actors: { ticker: probe(log, 'ticker') } }).createMachine({
      invoke: { src: 'ticker', id: 'ticker' },
    });
    const outer = setup({ actors: { inner } }).createMachine({
      invoke: { src: 'inner', id: 'inner', onError: { actions: () => log.push('handled') } },
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [{ id: 'outer', logic: outer, name: 'outer' }] }),
    );
    expect(system.crash('root/outer/inner')).toBe(true);
    await until(() => log.includes('handled'));
    expect(log).toEqual(['+ticker', '-ticker', 'handled']);
    await system.stop();
  });

  test('a supervisor that crashes itself leaves no descendant running', async () => {
    const log: string[] = [];
    const inner = supervisor({
      strategy: 'one_for_one',
      children: [probeSpec(log, 'a'), probeSpec(log, 'b')],
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [{ id: 'inner', logic: inner }] }),
    );
    system.crash('root/inner');
    await until(() => log.length === 6);
    expect(log).toEqual(['+a', '+b', '-b', '-a', '+a', '+b']);
    await system.stop();
  });

  test('what a dead incarnation sends late does not reach its successor', async () => {
    let settle: ((value: string) => void)[] = [];
    const outcomes: string[] = [];
    const slow = fromPromise(() => new Promise<string>((resolve) => settle.push(resolve)));
    const machine = setup({ actors: { slow } }).createMachine({
      invoke: { src: 'slow', id: 'slow', onDone: { actions: ({ event }) => outcomes.push(event.output) } },
    });
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [{ id: 'm', logic: machine }] }),
    );
    system.crash('root/m');
    await until(() => settle.length === 2);
    settle[0]?.('late');
    await quiet();
    expect(outcomes).toEqual([]);
    settle[1]?.('in time');
    await until(() => outcomes.length > 0);
    expect(outcomes).toEqual(['in time']);
    settle = [];
    await system.stop();
  });

  test('a name is free as soon as its actor has gone, and resolves to the live incarnation', async () => {
    const { system } = await stage(
      supervisor({ strategy: 'one_for_one', children: [probeSpec([], 'a', { restart: 'transient' })] }),
    );
    const first = system.whereis('a');
    system.crash('root/a');
    await until(() => system.whereis('a') !== first);
    expect(system.whereis('a')).toBeUndefined();
    await until(() => system.whereis('a') !== undefined);
    expect(system.whereis('a')).not.toBe(first);
    await system.stop();
    expect(system.whereis('a')).toBeUndefined();
  });

  test('a name that is taken is a failed start', async () => {
    const children = [probeSpec([], 'a'), { ...probeSpec([], 'b'), name: 'a' }];
    const failure = await stage(supervisor({ strategy: 'one_for_one', children })).catch((e) => e);
    expect(failure).toMatchObject({
      path: 'root/b',
      cause: { message: 'the name "a" is taken by another actor' },
    });
  });
});

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
