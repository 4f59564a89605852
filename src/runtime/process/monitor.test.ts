import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { createMachine, fromCallback, fromPromise } from 'xstate';
import { type ChildSpec, supervisor } from '../index.ts';
import { probe, probeSpec, quiet, type Stage, stage, until } from '../test-doubles.ts';
import { type Down, monitor, monitorFor } from './monitor.ts';

const staged = (...children: ChildSpec[]): Promise<Stage> =>
  stage(supervisor({ strategy: 'one_for_one', intensity: 9, children }));

function refOf({ system }: Stage, name: string): AnyActorRef {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`no ${name}`);
  return ref;
}

/** Passes on what it receives, the senders included. */
function watcher(received: unknown[]) {
  return fromCallback(({ receive }) => receive((event) => received.push(event)));
}

describe('a monitor', () => {
  test('tells once, with path, incarnation and reason', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const a = refOf(stage, 'a');
    const downs: Down[] = [];
    monitor(a, (down) => downs.push(down));
    stage.system.send('a', { type: 'crash' });
    await until(() => downs.length > 0);
    await quiet();
    expect(downs).toEqual([
      { ref: a, path: 'root/a', incarnation: 1, reason: { kind: 'error', error: new Error('a crashed') } },
    ]);
    await stage.system.stop();
    expect(downs).toHaveLength(1);
  });

  test.each([
    ['normal', fromPromise(async () => 1), { kind: 'normal' }],
    ['error', fromPromise(async () => Promise.reject(new Error('no'))), { kind: 'error' }],
    ['shutdown', probe([], 'a'), { kind: 'shutdown' }],
  ])('tells of an exit for the reason %s', async (_kind, logic, reason) => {
    const stage = await staged({ id: 'a', name: 'a', logic, restart: 'temporary' });
    const downs: Down[] = [];
    monitor(refOf(stage, 'a'), (down) => downs.push(down));
    await quiet();
    await stage.system.stop();
    await until(() => downs.length > 0);
    expect(downs).toMatchObject([{ reason }]);
  });

  test('tells of an actor that was killed', async () => {
    const stage = await staged(probeSpec([], 'a', { shutdown: 'brutal_kill' }));
    const downs: Down[] = [];
    monitor(refOf(stage, 'a'), (down) => downs.push(down));
    await stage.system.stop();
    await until(() => downs.length > 0);
    expect(downs).toMatchObject([{ reason: { kind: 'killed' } }]);
  });

  test('watches an incarnation, not its successors', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'));
    const downs: number[] = [];
    monitor(refOf(stage, 'a'), ({ incarnation }) => downs.push(incarnation));
    for (const starts of [2, 3]) {
      stage.system.send('a', { type: 'crash' });
      await until(() => log.filter((line) => line === '+a').length === starts);
    }
    monitor(refOf(stage, 'a'), ({ incarnation }) => downs.push(incarnation));
    await stage.system.stop();
    await until(() => downs.length === 2);
    expect(downs).toEqual([1, 3]);
  });

  test('is one of many: n monitors are n tellings', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const told: number[] = [];
    for (const n of [1, 2, 3]) monitor(refOf(stage, 'a'), () => told.push(n));
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(told).toEqual([1, 2, 3]);
    await stage.system.stop();
  });

  test('goes one way: the end of who watches is nothing to the watched', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'), probeSpec(log, 'b'));
    monitorFor(refOf(stage, 'b'), refOf(stage, 'a'));
    stage.system.send('b', { type: 'crash' });
    await quiet();
    expect(log).toEqual(['+a', '+b', '-b', '+b']);
    await stage.system.stop();
  });

  test('of a dead actor tells noproc, soon but not before monitor has returned', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const a = refOf(stage, 'a');
    await stage.system.stop();
    const downs: Down[] = [];
    monitor(a, (down) => downs.push(down));
    expect(downs).toEqual([]);
    await until(() => downs.length > 0);
    await quiet();
    expect(downs).toMatchObject([{ ref: a, incarnation: 1, reason: { kind: 'noproc' } }]);
  });

  test('tells when the name is free, or held by the next incarnation', async () => {
    const stage = await staged(probeSpec([], 'a'), probeSpec([], 'once', { restart: 'temporary' }));
    const holders: (AnyActorRef | undefined)[] = [];
    const before = refOf(stage, 'a');
    monitor(before, () => holders.push(stage.system.whereis('a')));
    monitor(refOf(stage, 'once'), () => holders.push(stage.system.whereis('once')));
    stage.system.send('a', { type: 'crash' });
    stage.system.send('once', { type: 'crash' });
    await until(() => holders.length === 2);
    expect(holders[0]).not.toBe(before);
    expect(holders[1]).toBeUndefined();
    await stage.system.stop();
  });

  test('tells nothing once it is off, even of an end that has happened already', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const told: string[] = [];
    const a = refOf(stage, 'a');
    const early = monitor(a, () => told.push('early'));
    const late = monitor(a, () => told.push('late'));
    monitor(a, () => told.push('kept'));
    early();
    await stage.system.stop();
    late();
    const dead = monitor(a, () => told.push('dead'));
    dead();
    await quiet();
    expect(told).toEqual(['kept']);
  });

  test('that throws is reported, and harms neither the others nor the watched', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'));
    const told: string[] = [];
    monitor(refOf(stage, 'a'), () => {
      throw new Error('broken watcher');
    });
    monitor(refOf(stage, 'a'), () => told.push('told'));
    stage.system.send('a', { type: 'crash' });
    await until(() => told.length > 0);
    expect(stage.reports).toContainEqual({ type: 'listener_error', error: new Error('broken watcher') });
    expect(log).toEqual(['+a', '-a', '+a']);
    await stage.system.stop();
  });

  test('reaches the actors that a machine made for itself', async () => {
    let breakIt = (_error: Error): void => {};
    const inner = fromPromise(
      () =>
        new Promise((_resolve, reject) => {
          breakIt = reject;
        }),
    );
    const machine = createMachine({ invoke: { src: inner, id: 'call', onError: {} } });
    const stage = await staged({ id: 'm', name: 'm', logic: machine });
    const call: AnyActorRef = refOf(stage, 'm').getSnapshot().children.call;
    const downs: Down[] = [];
    monitor(call, (down) => downs.push(down));
    breakIt(new Error('inner'));
    await until(() => downs.length > 0);
    expect(downs).toMatchObject([{ path: 'root/m/call', incarnation: 1, reason: { kind: 'error' } }]);
    await stage.system.stop();
  });
});

describe('a monitor for an actor', () => {
  test('is an event from the actor that ended, behind what that one had sent', async () => {
    const received: { type: string }[] = [];
    const senders: unknown[] = [];
    const talker = fromCallback(({ receive, self }) => {
      receive(() => {
        refs.b?.send({ type: 'last words' });
        throw new Error(`${self.id} crashed`);
      });
    });
    const refs: { b?: AnyActorRef } = {};
    const stage = await staged(
      { id: 'a', name: 'a', logic: talker },
      { id: 'b', name: 'b', logic: watcher(received) },
    );
    refs.b = refOf(stage, 'b');
    const a = refOf(stage, 'a');
    stage.system.inspect((seen) => {
      if (seen.type === '@xstate.event' && seen.event.type === 'monitor.down') senders.push(seen.sourceRef);
    });
    monitorFor(refs.b, a);
    stage.system.send('a', { type: 'go' });
    await until(() => received.length === 2);
    expect(received).toMatchObject([
      { type: 'last words' },
      { type: 'monitor.down', ref: a, path: 'root/a', incarnation: 1, reason: { kind: 'error' } },
    ]);
    expect(senders).toEqual([a]);
    await stage.system.stop();
  });

  test('ends with it: its next incarnation hears nothing, and nothing is a dead letter', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'), probeSpec(log, 'b'));
    monitorFor(refOf(stage, 'b'), refOf(stage, 'a'));
    stage.system.send('b', { type: 'crash' });
    await until(() => log.length === 4);
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(log).toEqual(['+a', '+b', '-b', '+b', '-a', '+a']);
    expect(stage.reports.filter(({ type }) => type === 'dead_letter')).toEqual([]);
    await stage.system.stop();
  });

  test('can be taken off again', async () => {
    const received: unknown[] = [];
    const stage = await staged(probeSpec([], 'a'), { id: 'b', name: 'b', logic: watcher(received) });
    const demonitor = monitorFor(refOf(stage, 'b'), refOf(stage, 'a'));
    demonitor();
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(received).toEqual([]);
    await stage.system.stop();
  });

  test('that has ended already watches nothing', async () => {
    const stage = await staged(probeSpec([], 'a'), probeSpec([], 'b', { restart: 'temporary' }));
    const b = refOf(stage, 'b');
    stage.system.send('b', { type: 'crash' });
    await quiet();
    monitorFor(b, refOf(stage, 'a'));
    stage.system.send('a', { type: 'crash' });
    await quiet();
    expect(stage.reports.filter(({ type }) => type === 'dead_letter')).toEqual([]);
    await stage.system.stop();
  });
});
