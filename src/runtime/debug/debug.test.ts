import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { assign, setup } from 'xstate';
import { type ChildSpec, supervisor } from '../index.ts';
import { probeSpec, quiet, type Stage, stage, until } from '../test-doubles.ts';
import { mailboxOf } from '../xstate/index.ts';
import * as sys from './index.ts';

const counter = setup({
  types: { events: {} as { type: 'add' } | { type: 'crash' }, context: {} as { n: number } },
}).createMachine({
  context: { n: 0 },
  initial: 'even',
  on: {
    crash: {
      actions: () => {
        throw new Error('crashed');
      },
    },
  },
  states: {
    even: { on: { add: { target: 'odd', actions: assign({ n: ({ context }) => context.n + 1 }) } } },
    odd: { on: { add: { target: 'even', actions: assign({ n: ({ context }) => context.n + 1 }) } } },
  },
});

const staged = (...children: ChildSpec[]): Promise<Stage> =>
  stage(supervisor({ strategy: 'one_for_one', intensity: 9, children }));

const withCounter = () => staged({ id: 'c', name: 'c', logic: counter });

function refOf({ system }: Stage, name: string): AnyActorRef {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`no ${name}`);
  return ref;
}

/** Sends so many events and lets them be handled. */
async function add({ system }: Stage, times: number): Promise<void> {
  for (let n = 0; n < times; n++) system.send('c', { type: 'add' });
  await quiet();
}

/** Ends when it is asked to, and says what it was told. */
function workerThatEnds(log: string[]): ChildSpec {
  const logic = setup({}).createMachine({
    initial: 'working',
    states: {
      working: {
        on: {
          waits: { actions: () => log.push('waits') },
          'supervisor.shutdown': { target: 'ended', actions: () => log.push('asked') },
        },
      },
      ended: { type: 'final' },
    },
  });
  return { id: 'graceful', name: 'graceful', logic };
}

const NOPROC = { ok: false, error: { kind: 'noproc' } };

describe('state', () => {
  test('of an actor is its snapshot', async () => {
    const stage = await withCounter();
    await add(stage, 3);
    expect(sys.getState(refOf(stage, 'c'))).toMatchObject({
      ok: true,
      value: { kind: 'actor', snapshot: { value: 'odd', context: { n: 3 } } },
    });
    await stage.system.stop();
  });

  test('of a supervisor is its flags and children', async () => {
    const inner = supervisor({
      strategy: 'one_for_all',
      intensity: 2,
      period: 3,
      children: [probeSpec([], 'a')],
    });
    const stage = await staged({ id: 'inner', name: 'inner', logic: inner });
    expect(sys.getState(refOf(stage, 'inner'))).toMatchObject({
      value: {
        kind: 'supervisor',
        flags: { strategy: 'one_for_all', intensity: 2, period: 3 },
        children: [{ id: 'a', type: 'worker', child: refOf(stage, 'a') }],
      },
    });
    await stage.system.stop();
  });

  test('is replaced by what the function makes of it, and observers see it', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const seen: unknown[] = [];
    c.subscribe(({ context }) => seen.push(context));
    const replaced = sys.replaceState(c, (snapshot) => Object.assign({}, snapshot, { context: { n: 40 } }));
    expect(replaced).toMatchObject({ ok: true, value: { context: { n: 40 } } });
    expect(seen).toEqual([{ n: 40 }]);
    await add(stage, 1);
    expect(c.getSnapshot()).toMatchObject({ value: 'odd', context: { n: 41 } });
    await stage.system.stop();
  });

  const failing = () => {
    throw new Error('no such state');
  };

  test.each([
    ['throws', failing, 'no such state'],
    ['gives no snapshot', () => 'junk', 'status'],
    ['gives one that has ended', () => ({ status: 'done' }), 'status'],
  ])('stays as it was where the function %s', async (_what, replace, message) => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const before = c.getSnapshot();
    const error = expect.objectContaining({ message: expect.stringContaining(message) });
    expect(sys.replaceState(c, replace)).toEqual({ ok: false, error: { kind: 'failed', error } });
    expect(c.getSnapshot()).toBe(before);
    await stage.system.stop();
  });

  test('of a supervisor cannot be replaced, of a dead actor neither read nor replaced', async () => {
    const stage = await staged({ id: 'inner', name: 'inner', logic: supervisor({ children: [] }) });
    const inner = refOf(stage, 'inner');
    expect(sys.replaceState(inner, (state) => state)).toEqual({ ok: false, error: { kind: 'supervisor' } });
    await stage.system.stop();
    expect(sys.getState(inner)).toEqual(NOPROC);
    expect(sys.replaceState(inner, (state) => state)).toEqual(NOPROC);
  });
});

describe('a suspended actor', () => {
  test('still obeys its supervisor', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'c'), { ...workerThatEnds(log), graceful: true });
    sys.suspend(refOf(stage, 'graceful'));
    stage.system.send('graceful', { type: 'waits' });
    await stage.system.stop();
    expect(log).toEqual(['+c', 'waits', 'asked', '-c']);
  });

  test('handles nothing until it is resumed, then everything in order', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'c'));
    const c = refOf(stage, 'c');
    expect(sys.suspend(c)).toEqual({ ok: true, value: undefined });
    sys.suspend(c);
    for (const type of ['1', '2']) stage.system.send('c', { type });
    await quiet();
    expect(log).toEqual(['+c']);
    sys.resume(c);
    await until(() => log.length === 3);
    expect(log).toEqual(['+c', 'c:1', 'c:2']);
    await stage.system.stop();
  });

  test('still answers to its debugger', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    sys.suspend(c);
    await add(stage, 2);
    expect(sys.getState(c)).toMatchObject({ value: { snapshot: { context: { n: 0 } } } });
    sys.replaceState(c, (snapshot) => Object.assign({}, snapshot, { context: { n: 10 } }));
    sys.resume(c);
    await quiet();
    expect(sys.getState(c)).toMatchObject({ value: { snapshot: { context: { n: 12 } } } });
    await stage.system.stop();
  });

  test('can be stopped', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'c'));
    sys.suspend(refOf(stage, 'c'));
    await stage.system.stop();
    expect(log).toEqual(['+c', '-c']);
  });

  test('that crashed is followed by one that runs', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'c'));
    const c = refOf(stage, 'c');
    sys.suspend(c);
    stage.system.crash('root/c');
    await until(() => log.length === 3);
    stage.system.send('c', { type: 'hello' });
    await until(() => log.at(-1) === 'c:hello');
    expect(sys.resume(c)).toEqual(NOPROC);
    await stage.system.stop();
  });
});

describe('a trace', () => {
  test('shows what comes in and the state that follows', async () => {
    const stage = await withCounter();
    const seen: sys.DebugEvent[] = [];
    sys.trace(refOf(stage, 'c'), (event) => seen.push(event));
    stage.clock.increment(5);
    await add(stage, 2);
    expect(seen).toEqual([
      { at: 5, in: { type: 'add' } },
      { at: 5, state: 'odd' },
      { at: 5, in: { type: 'add' } },
      { at: 5, state: 'even' },
    ]);
    await stage.system.stop();
  });

  test('ends when it is switched off', async () => {
    const stage = await withCounter();
    const seen: sys.DebugEvent[] = [];
    const c = refOf(stage, 'c');
    sys.trace(c, (event) => seen.push(event));
    sys.trace(c, undefined);
    await add(stage, 1);
    expect(seen).toEqual([]);
    await stage.system.stop();
  });

  test('that throws is reported and taken off; the actor goes on', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    sys.trace(c, () => {
      throw new Error('broken trace');
    });
    await add(stage, 2);
    expect(stage.reports.filter(({ type }) => type === 'listener_error')).toEqual([
      { type: 'listener_error', error: new Error('broken trace') },
    ]);
    expect(c.getSnapshot().context).toEqual({ n: 2 });
    await stage.system.stop();
  });

  test('shows the last message of an actor that fails over it', async () => {
    const stage = await withCounter();
    const seen: sys.DebugEvent[] = [];
    sys.trace(refOf(stage, 'c'), (event) => seen.push(event));
    stage.system.send('c', { type: 'crash' });
    await quiet();
    expect(seen[0]).toMatchObject({ in: { type: 'crash' } });
    await stage.system.stop();
  });
});

describe('a log', () => {
  const states = (events: readonly sys.DebugEvent[]) =>
    events.map((event) => ('state' in event ? event.state : '>'));

  test('keeps the last ten events unless told otherwise', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    sys.log(c);
    await add(stage, 9);
    expect(sys.getLog(c)).toHaveLength(10);
    expect(states(sys.getLog(c)).slice(-2)).toEqual(['>', 'odd']);
    sys.log(c, 2);
    await add(stage, 3);
    expect(states(sys.getLog(c))).toEqual(['>', 'even']);
    await stage.system.stop();
  });

  test('outlives its actor, and is gone when it is switched off', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    sys.log(c);
    stage.system.send('c', { type: 'crash' });
    await quiet();
    expect(sys.getLog(c)[0]).toMatchObject({ in: { type: 'crash' } });
    sys.log(c, false);
    expect(sys.getLog(c)).toEqual([]);
    await stage.system.stop();
  });
});

describe('statistics', () => {
  test('count from when they are switched on', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    await add(stage, 5);
    expect(sys.getStatistics(c)).toBeUndefined();
    stage.clock.increment(7);
    sys.statistics(c);
    stage.clock.increment(2);
    await add(stage, 3);
    expect(sys.getStatistics(c)).toEqual({ startTime: 7, currentTime: 9, messagesIn: 3, handled: 3 });
    sys.statistics(c, false);
    expect(sys.getStatistics(c)).toBeUndefined();
    await stage.system.stop();
  });
});

describe('an installed function', () => {
  test('folds events until it says done', async () => {
    const stage = await withCounter();
    const calls: number[] = [];
    sys.install(refOf(stage, 'c'), 'third', 1, (nth) => {
      calls.push(nth);
      return nth === 3 ? 'done' : nth + 1;
    });
    await add(stage, 5);
    expect(calls).toEqual([1, 2, 3]);
    await stage.system.stop();
  });

  test('is taken off when it throws, and when it is removed', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const calls: string[] = [];
    sys.install(c, 'broken', 0, () => {
      calls.push('broken');
      throw new Error('broken');
    });
    sys.install(c, 'removed', 0, () => {
      calls.push('removed');
      return 0;
    });
    sys.remove(c, 'removed');
    await add(stage, 2);
    expect(calls).toEqual(['broken']);
    await stage.system.stop();
  });

  test('stays where another of its id is installed', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const calls: string[] = [];
    for (const which of ['first', 'second']) {
      sys.install(c, 'same', 0, () => {
        calls.push(which);
        return 0;
      });
    }
    await add(stage, 1);
    expect(calls).toEqual(['first', 'first']);
    await stage.system.stop();
  });
});

describe('debuggers', () => {
  test('share an actor, and leave nothing behind', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const seen: sys.DebugEvent[] = [];
    sys.trace(c, (event) => seen.push(event));
    sys.log(c);
    sys.statistics(c);
    await add(stage, 1);
    expect(seen).toEqual(sys.getLog(c));
    expect(sys.getStatistics(c)).toMatchObject({ messagesIn: 1 });
    sys.trace(c, undefined);
    sys.log(c, false);
    expect(mailboxOf(c)?.tap).toBeDefined();
    sys.statistics(c, false);
    expect(mailboxOf(c)?.tap).toBeUndefined();
    await stage.system.stop();
  });

  test('are all taken off by noDebug', async () => {
    const stage = await withCounter();
    const c = refOf(stage, 'c');
    const seen: unknown[] = [];
    sys.trace(c, (event) => seen.push(event));
    sys.install(c, 'mine', 0, (_state, event) => seen.push(event));
    sys.log(c);
    sys.statistics(c);
    sys.noDebug(c);
    await add(stage, 1);
    expect([seen, sys.getLog(c), sys.getStatistics(c)]).toEqual([[], [], undefined]);
    expect(mailboxOf(c)?.tap).toBeUndefined();
    sys.trace(c, (event) => seen.push(event));
    await add(stage, 1);
    expect(seen).toHaveLength(2);
    await stage.system.stop();
  });

  test('say what they cannot debug: what has ended, and what has no mailbox', async () => {
    const stage = await staged(probeSpec([], 'a'), {
      id: 'inner',
      name: 'inner',
      logic: supervisor({ children: [] }),
    });
    const [a, inner] = [refOf(stage, 'a'), refOf(stage, 'inner')];
    const noMailbox = { ok: false, error: { kind: 'no-mailbox' } };
    expect([sys.suspend(inner), sys.trace(inner, () => {}), sys.log(inner, false)]).toEqual(
      Array(3).fill(noMailbox),
    );
    await stage.system.stop();
    expect([sys.suspend(a), sys.statistics(a), sys.install(a, 'x', 0, () => 0)]).toEqual(
      Array(3).fill(NOPROC),
    );
  });
});
