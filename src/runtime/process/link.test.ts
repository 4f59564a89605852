import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { createMachine, fromCallback, fromPromise } from 'xstate';
import { type ChildSpec, supervisor } from '../index.ts';
import { probeSpec, quiet, type Stage, stage, until } from '../test-doubles.ts';
import type { ExitReason } from './exit.ts';
import { exit, LinkedExit, link, linksOf, trapExits, unlink } from './link.ts';
import { monitor } from './monitor.ts';

const staged = (...children: ChildSpec[]): Promise<Stage> =>
  stage(supervisor({ strategy: 'one_for_one', intensity: 99, children }));

/** A probe that stays down once it has ended. */
const mortal = (log: string[], id: string, more: Partial<ChildSpec> = {}): ChildSpec =>
  probeSpec(log, id, { restart: 'temporary', ...more });

function refOf({ system }: Stage, name: string): AnyActorRef {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`no ${name}`);
  return ref;
}

/** The reasons for which these actors end, by path. */
function exitsOf(...refs: readonly AnyActorRef[]): Record<string, ExitReason> {
  const exits: Record<string, ExitReason> = {};
  for (const ref of refs) monitor(ref, ({ path, reason }) => Object.assign(exits, { [path]: reason }));
  return exits;
}

/** Traps exits and keeps what it receives. */
function trapper(received: unknown[]) {
  return fromCallback(({ receive, self }) => {
    trapExits(self);
    receive((event) => received.push(event));
  });
}

const BOOM = new Error('a crashed');

describe('a link', () => {
  test('makes the other fail with the same reason, and says where it came from', async () => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    const exits = exitsOf(b);
    link(a, b);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    const reason = { kind: 'error', error: BOOM } as const;
    expect(exits['root/b']).toEqual({ kind: 'error', error: new LinkedExit('root/a', reason) });
    expect(exits['root/b']).toMatchObject({ error: { path: 'root/a', reason, cause: BOOM } });
    await stage.system.stop();
  });

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('goes both ways: when %s ends so does %s', async (first, second) => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const exits = exitsOf(refOf(stage, second));
    link(refOf(stage, 'a'), refOf(stage, 'b'));
    stage.system.send(first, { type: 'crash' });
    await quiet();
    expect(exits[`root/${second}`]).toMatchObject({ kind: 'error' });
    await stage.system.stop();
  });

  test('is one for each pair, however often it is made', async () => {
    const received: unknown[] = [];
    const stage = await staged(mortal([], 'a'), { id: 'b', name: 'b', logic: trapper(received) });
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    link(a, b);
    link(a, b);
    link(b, a);
    expect(linksOf(a)).toEqual(['root/b']);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(received).toHaveLength(1);
    await stage.system.stop();
  });

  test('is undone by one unlink, in either direction, however often it was made', async () => {
    const log: string[] = [];
    const stage = await staged(mortal(log, 'a'), mortal(log, 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    link(a, b);
    link(a, b);
    unlink(b, a);
    unlink(b, a);
    expect([linksOf(a), linksOf(b)]).toEqual([[], []]);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(log).toEqual(['+a', '+b', '-a']);
    await stage.system.stop();
  });

  test('that is undone brings no signal any more, even where the other has ended already', async () => {
    const log: string[] = [];
    const stage = await staged(mortal(log, 'a'), mortal(log, 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    link(a, b);
    a.subscribe({ error: () => unlink(a, b) });
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(log).toEqual(['+a', '+b', '-a']);
    await stage.system.stop();
  });

  test('to an actor that has ended is an exit signal noproc for the other', async () => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'), mortal([], 'c'));
    const a = refOf(stage, 'a');
    stage.system.send('a', { type: 'crash' });
    await quiet();
    const [b, c] = [refOf(stage, 'b'), refOf(stage, 'c')];
    const exits = exitsOf(b, c);
    link(b, a);
    link(a, c);
    await quiet();
    expect(exits['root/b']).toMatchObject({ error: { path: 'root/a', reason: { kind: 'noproc' } } });
    expect(exits['root/c']).toMatchObject({ error: { path: 'root/a', reason: { kind: 'noproc' } } });
    await stage.system.stop();
  });

  test('with itself is none', async () => {
    const stage = await staged(mortal([], 'a'));
    const a = refOf(stage, 'a');
    link(a, a);
    expect(linksOf(a)).toEqual([]);
    await stage.system.stop();
  });

  test('drops a normal exit', async () => {
    let finish = (): void => {};
    const logic = fromPromise(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const log: string[] = [];
    const stage = await staged({ id: 'a', name: 'a', logic, restart: 'temporary' }, mortal(log, 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    const exits = exitsOf(a);
    link(a, b);
    finish();
    await until(() => 'root/a' in exits);
    await quiet();
    expect(exits).toEqual({ 'root/a': { kind: 'normal' } });
    expect(log).toEqual(['+b']);
    expect(linksOf(b)).toEqual([]);
    await stage.system.stop();
  });

  test('passes a shutdown on as a shutdown, after which a transient child rests', async () => {
    const log: string[] = [];
    const stage = await staged(mortal(log, 'a'), probeSpec(log, 'b', { restart: 'transient' }));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    const exits = exitsOf(b);
    link(a, b);
    exit(a, { kind: 'shutdown' }, b);
    await quiet();
    expect(exits).toEqual({ 'root/b': { kind: 'shutdown' } });
    expect(log).toEqual(['+a', '+b', '-a', '-b']);
    await stage.system.stop();
  });

  test('keeps the first reason along a chain, and a chain of thousands does not overflow the stack', async () => {
    const length = 5_000;
    const ids = Array.from({ length }, (_, n) => `n${n}`);
    const stage = await staged(...ids.map((id) => mortal([], id)));
    const refs = ids.map((id) => refOf(stage, id));
    const last = refs.at(-1);
    if (!last) throw new Error('no last');
    const exits = exitsOf(last);
    for (const [n, ref] of refs.slice(1).entries()) link(refs[n] ?? ref, ref);
    stage.system.send('n0', { type: 'crash' });
    await until(() => Object.keys(exits).length > 0);
    expect(exits[`root/n${length - 1}`]).toMatchObject({
      error: { path: `root/n${length - 2}`, reason: { kind: 'error', error: new Error('n0 crashed') } },
    });
    expect(refs.filter((ref) => ref.getSnapshot().status === 'active')).toEqual([]);
    await stage.system.stop();
  });

  test('in a ring ends everyone once', async () => {
    const log: string[] = [];
    const ids = ['a', 'b', 'c'];
    const stage = await staged(...ids.map((id) => mortal(log, id)));
    const [a, b, c] = [refOf(stage, 'a'), refOf(stage, 'b'), refOf(stage, 'c')];
    link(a, b);
    link(b, c);
    link(c, a);
    stage.system.send('b', { type: 'crash' });
    await quiet();
    expect(log.slice(3).sort()).toEqual(['-a', '-b', '-c']);
    await stage.system.stop();
  });

  test('does not bind the next incarnation', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'), probeSpec(log, 'b'));
    link(refOf(stage, 'a'), refOf(stage, 'b'));
    stage.system.send('a', { type: 'crash' });
    await until(() => log.length === 6);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(log.filter((line) => line === '+b')).toHaveLength(2);
    await stage.system.stop();
  });

  test('is told while its actor ends, for crash reports, and gone afterwards', async () => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    link(a, b);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    const crash = stage.reports.find((report) => report.type === 'crash_report');
    expect(crash).toMatchObject({ actor: 'root/a', links: ['root/b'] });
    expect([linksOf(a), linksOf(b)]).toEqual([[], []]);
    await stage.system.stop();
  });
});

describe('an actor that traps exits', () => {
  test('receives an event from the one that ended, and lives', async () => {
    const received: unknown[] = [];
    const senders: unknown[] = [];
    const stage = await staged(mortal([], 'a'), { id: 'b', name: 'b', logic: trapper(received) });
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    stage.system.inspect((seen) => {
      if (seen.type === '@xstate.event' && seen.event.type === 'link.exit') senders.push(seen.sourceRef);
    });
    link(a, b);
    stage.system.send('a', { type: 'crash' });
    await until(() => received.length > 0);
    const reason = { kind: 'error', error: BOOM };
    expect(received).toEqual([{ type: 'link.exit', ref: a, path: 'root/a', incarnation: 1, reason }]);
    expect(senders).toEqual([a]);
    expect(b.getSnapshot().status).toBe('active');
    await stage.system.stop();
  });

  test('receives normal exits too', async () => {
    const received: unknown[] = [];
    let finish = (): void => {};
    const logic = fromPromise(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const stage = await staged(
      { id: 'a', name: 'a', logic, restart: 'temporary' },
      { id: 'b', name: 'b', logic: trapper(received) },
    );
    link(refOf(stage, 'a'), refOf(stage, 'b'));
    finish();
    await until(() => received.length > 0);
    expect(received).toMatchObject([{ type: 'link.exit', reason: { kind: 'normal' } }]);
    await stage.system.stop();
  });

  test('receives noproc where it links a dead one', async () => {
    const received: unknown[] = [];
    const stage = await staged(mortal([], 'a'), { id: 'b', name: 'b', logic: trapper(received) });
    const a = refOf(stage, 'a');
    stage.system.send('a', { type: 'crash' });
    await quiet();
    link(refOf(stage, 'b'), a);
    await until(() => received.length > 0);
    expect(received).toMatchObject([{ type: 'link.exit', path: 'root/a', reason: { kind: 'noproc' } }]);
    await stage.system.stop();
  });

  test('dies again once it traps no more', async () => {
    const received: unknown[] = [];
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    const exits = exitsOf(b);
    trapExits(b);
    link(a, b);
    trapExits(b, false);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(exits['root/b']).toMatchObject({ kind: 'error' });
    expect(received).toEqual([]);
    await stage.system.stop();
  });

  test('traps a killed that comes over a link: it is an ordinary reason there', async () => {
    const received: unknown[] = [];
    const stage = await staged(mortal([], 'a'), { id: 'b', name: 'b', logic: trapper(received) });
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    link(a, b);
    exit(a, { kind: 'killed' }, b);
    await until(() => received.length > 0);
    expect(received).toMatchObject([{ type: 'link.exit', path: 'root/a', reason: { kind: 'killed' } }]);
    await stage.system.stop();
  });

  test('is what a supervisor does by itself: a dead link ends neither it nor its children', async () => {
    const log: string[] = [];
    const inner = supervisor({ children: [probeSpec(log, 'c')] });
    const stage = await staged(mortal(log, 'a'), { id: 'inner', name: 'inner', logic: inner });
    link(refOf(stage, 'a'), refOf(stage, 'inner'));
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(log).toEqual(['+a', '+c', '-a']);
    await stage.system.stop();
  });
});

describe('an exit signal', () => {
  test('killed cannot be trapped, and reaches those linked as killed', async () => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    const exits = exitsOf(a, b);
    trapExits(a);
    link(a, b);
    exit(a, { kind: 'killed' }, b);
    await quiet();
    expect(exits).toEqual({ 'root/a': { kind: 'killed' }, 'root/b': { kind: 'killed' } });
    await stage.system.stop();
  });

  test('normal is dropped, or trapped', async () => {
    const received: unknown[] = [];
    const log: string[] = [];
    const stage = await staged(mortal(log, 'a'), { id: 'b', name: 'b', logic: trapper(received) });
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    exit(a, { kind: 'normal' }, b);
    exit(b, { kind: 'normal' }, a);
    await quiet();
    expect(log).toEqual(['+a']);
    expect(received).toMatchObject([{ type: 'link.exit', path: 'root/a', reason: { kind: 'normal' } }]);
    await stage.system.stop();
  });

  test('to an actor that has ended is nothing', async () => {
    const stage = await staged(mortal([], 'a'), mortal([], 'b'));
    const [a, b] = [refOf(stage, 'a'), refOf(stage, 'b')];
    stage.system.send('a', { type: 'crash' });
    await quiet();
    const before = stage.reports.length;
    exit(a, { kind: 'killed' }, b);
    exit(a, { kind: 'shutdown' }, b);
    await quiet();
    expect(stage.reports).toHaveLength(before);
    await stage.system.stop();
  });

  test('to an actor that a machine made for itself is a failure that the machine hears of', async () => {
    const inner = fromCallback(() => {});
    const machine = createMachine({
      initial: 'calling',
      states: { calling: { invoke: { src: inner, id: 'call', onError: 'failed' } }, failed: {} },
    });
    const stage = await staged({ id: 'm', name: 'm', logic: machine }, mortal([], 'b'));
    const m = refOf(stage, 'm');
    exit(m.getSnapshot().children.call, { kind: 'killed' }, refOf(stage, 'b'));
    await until(() => m.getSnapshot().value === 'failed');
    await stage.system.stop();
  });
});
