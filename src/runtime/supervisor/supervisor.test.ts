import { describe, expect, test } from 'vitest';
import { fromCallback, fromPromise, setup } from 'xstate';
import type { TreeNode } from '../../core/tree.ts';
import { SHUTDOWN_EVENT, StartFailure, supervisor } from '../index.ts';
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

describe('restarts', () => {
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
