import { describe, expect, test } from 'vitest';
import {
  type AnyActorRef,
  cancel,
  createMachine,
  fromCallback,
  fromPromise,
  fromTransition,
  raise,
  setup,
} from 'xstate';
import { type ChildSpec, offer, type Strategy, send, supervisor } from '../index.ts';
import { probe, quiet, type Stage, stage, until } from '../test-doubles.ts';
import { fail, mailboxOf } from '../xstate/index.ts';
import type { Mailbox } from './mailbox.ts';

const staged = (...children: ChildSpec[]) => {
  const strategy: Strategy = 'one_for_one';
  return stage(supervisor({ strategy, children }));
};

describe('a mailbox', () => {
  test('hands over in order, never on the stack of the sender', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    for (let n = 0; n < 50; n++) system.send('a', { type: `${n}` });
    expect(log).toEqual(['+a']);
    expect(system.tree().children[0]?.mailbox).toBe(50);
    await until(() => log.length === 51);
    expect(log.slice(1)).toEqual(Array.from({ length: 50 }, (_, n) => `a:${n}`));
    expect(system.tree().children[0]?.mailbox).toBe(0);
    await system.stop();
  });

  test('that is full refuses, tells the sender and reports it', async () => {
    const log: string[] = [];
    const mailbox = { capacity: 2, overflow: 'reject' as const };
    const { system, reports } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a', mailbox });
    const taken = ['1', '2', '3'].map((type) => system.send('a', { type }));
    expect(taken).toEqual([true, true, false]);
    expect(reports.at(-1)).toEqual({
      type: 'dead_letter',
      receiver: 'root/a',
      event: { type: '3' },
      reason: 'mailbox-full',
    });
    await until(() => log.length === 3);
    expect(log).toEqual(['+a', 'a:1', 'a:2']);
    await system.stop();
  });

  test('that drops the oldest takes in the newest', async () => {
    const log: string[] = [];
    const mailbox = { capacity: 2, overflow: 'drop-oldest' as const };
    const { system, reports } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a', mailbox });
    const taken = ['1', '2', '3'].map((type) => system.send('a', { type }));
    expect(taken).toEqual([true, true, true]);
    expect(reports.at(-1)).toMatchObject({ reason: 'dropped-oldest', event: { type: '1' } });
    await until(() => log.length === 3);
    expect(log).toEqual(['+a', 'a:2', 'a:3']);
    await system.stop();
  });

  test('of an actor that crashes gives its messages to nobody, and says so', async () => {
    const log: string[] = [];
    const { system, reports } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    system.send('a', { type: 'crash' });
    system.send('a', { type: 'waiting' });
    await until(() => log.length === 3);
    await quiet();
    expect(log).toEqual(['+a', '-a', '+a']);
    expect(reports).toContainEqual({
      type: 'dead_letter',
      receiver: 'root/a',
      event: { type: 'waiting' },
      reason: 'receiver-stopped',
    });
    await system.stop();
  });

  test('a message to a name nobody holds, or to an actor that has ended, is a dead letter', async () => {
    const { system, reports } = await staged({ id: 'a', logic: probe([], 'a'), name: 'a' });
    expect(system.send('nobody', { type: 'hello' })).toBe(false);
    expect(reports.at(-1)).toMatchObject({ receiver: 'nobody', reason: 'no-receiver' });
    const ref = system.whereis('a');
    await system.stop();
    ref?.send({ type: 'late' });
    expect(reports.at(-1)).toMatchObject({ receiver: 'root/a', reason: 'receiver-stopped' });
  });

  test('a chain of thousands of actors does not overflow the stack', async () => {
    const length = 5_000;
    const log: string[] = [];
    const link = fromCallback<{ type: string }, number>(({ receive, system, input, self }) => {
      receive((event) => {
        if (input === length) log.push(event.type);
        else send(system, `link-${input + 1}`, event, self);
      });
    });
    const children = Array.from({ length }, (_, n) => {
      const id = `link-${n + 1}`;
      return { id, name: id, logic: link, input: n + 1 };
    });
    const { system } = await staged(...children);
    system.send('link-1', { type: 'arrived' });
    await until(() => log.length > 0);
    expect(log).toEqual(['arrived']);
    await system.stop();
  });

  test('an actor that floods itself leaves others their turn', async () => {
    const log: string[] = [];
    const busy = fromTransition((count, _event: { type: 'go' }, { self }) => {
      self.send({ type: 'go' });
      return count + 1;
    }, 0);
    const { system } = await staged(
      { id: 'busy', logic: busy, name: 'busy' },
      { id: 'a', logic: probe(log, 'a'), name: 'a' },
    );
    system.send('busy', { type: 'go' });
    await quiet();
    system.send('a', { type: 'heard' });
    await until(() => log.includes('a:heard'));
    await system.stop();
  });
});

describe('an offer', () => {
  const mailbox = { capacity: 1, overflow: 'park', parking: 1 } as const;

  test('is answered once the message is in the mailbox', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a', mailbox });
    const box = mailboxAt({ system }, 'a');
    box.suspend('test');
    const answers: string[] = [];
    const offered = (type: string) =>
      offer(systemOf({ system }, 'a'), 'a', { type }).then((admitted) => answers.push(`${type} ${admitted}`));
    const [, parked] = [offered('1'), offered('2')];
    await quiet();
    expect([answers, box.depth, box.parked]).toEqual([['1 true'], 1, 1]);
    box.resume('test');
    await parked;
    expect(answers).toEqual(['1 true', '2 true']);
    await until(() => log.length === 3);
    expect(log).toEqual(['+a', 'a:1', 'a:2']);
    await system.stop();
  });

  test('is declined where there is no room to wait, nobody of that name, or the receiver ends', async () => {
    const { system, reports } = await staged({ id: 'a', logic: probe([], 'a'), name: 'a', mailbox });
    const xstate = systemOf({ system }, 'a');
    mailboxAt({ system }, 'a').suspend('test');
    const offered = ['1', '2', '3'].map((type) => offer(xstate, 'a', { type }));
    expect(await offered[2]).toBe(false);
    expect(reports.at(-1)).toMatchObject({ reason: 'parking-full', event: { type: '3' } });
    expect(await offer(xstate, 'nobody', { type: 'hello' })).toBe(false);
    await system.stop();
    expect(await offered[1]).toBe(false);
  });
});

describe('a mailbox that is kept', () => {
  const kept = (logic: ChildSpec['logic'], more: Partial<ChildSpec> = {}): ChildSpec => {
    return { id: 'a', name: 'a', logic, mailbox: { capacity: 3, keep: true }, ...more };
  };

  test('hands what waits to the next incarnation, but not the message that it crashed on', async () => {
    const log: string[] = [];
    const { system, reports } = await staged(kept(probe(log, 'a')));
    for (const type of ['crash', '1', '2']) system.send('a', { type });
    await until(() => log.length === 5);
    expect(log).toEqual(['+a', '-a', '+a', 'a:1', 'a:2']);
    expect(reports.filter(({ type }) => type === 'dead_letter')).toEqual([]);
    await system.stop();
  });

  test('takes messages to its name while there is no incarnation, up to its limit', async () => {
    const log: string[] = [];
    const backoff = { initial: 100, max: 100, jitter: 0 };
    const { system, clock, reports } = await staged(kept(probe(log, 'a'), { backoff }));
    for (const type of ['crash', '1']) system.send('a', { type });
    await until(() => system.whereis('a') === undefined);
    expect(['2', '3', '4'].map((type) => system.send('a', { type }))).toEqual([true, true, false]);
    expect(reports.at(-1)).toMatchObject({
      reason: 'mailbox-full',
      receiver: 'root/a',
      event: { type: '4' },
    });
    await quiet();
    expect(log).toEqual(['+a', '-a']);
    clock.increment(100);
    await until(() => log.length === 6);
    expect(log.slice(2)).toEqual(['+a', 'a:1', 'a:2', 'a:3']);
    await system.stop();
  });

  test('gives no internal event of one incarnation to the next', async () => {
    const seen: string[] = [];
    const finish: ((value: string) => void)[] = [];
    const call = fromPromise(() => new Promise<string>((resolve) => finish.push(resolve)));
    const machine = setup({ actors: { call } }).createMachine({
      invoke: { src: 'call' },
      on: {
        crash: {
          actions: () => {
            throw new Error('crashed');
          },
        },
        '*': { actions: ({ event }) => seen.push(event.type) },
      },
    });
    const { system } = await staged(kept(machine));
    const first = mailboxAt({ system }, 'a');
    first.suspend('test');
    system.send('a', { type: 'crash' });
    finish[0]?.('of the first');
    await until(() => first.depth === 2);
    system.send('a', { type: 'message' });
    expect(first.waiting().map(({ type }) => type)).toEqual([
      'crash',
      'xstate.done.actor.0.(machine)',
      'message',
    ]);
    first.resume('test');
    await until(() => seen.length > 0);
    await quiet();
    expect(seen).toEqual(['message']);
    await system.stop();
  });

  test('tells nothing any more to an incarnation that has ended', async () => {
    const log: string[] = [];
    const { system } = await staged(kept(probe(log, 'a')));
    const first = mailboxAt({ system }, 'a');
    system.send('a', { type: 'crash' });
    await until(() => log.length === 3);
    mailboxAt({ system }, 'a').suspend('test');
    system.send('a', { type: '1' });
    first.resume('test');
    await quiet();
    expect([log, mailboxAt({ system }, 'a').depth]).toEqual([['+a', '-a', '+a'], 1]);
    await system.stop();
  });
});

describe('the gate of a mailbox', () => {
  test('holds everything back, until all who suspended it have resumed it', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    const box = mailboxAt({ system }, 'a');
    box.suspend('debugger');
    box.suspend('fault injector');
    system.send('a', { type: '1' });
    box.resume('fault injector');
    await quiet();
    expect([log, box.waiting(), box.suspended]).toEqual([['+a'], [{ type: '1' }], true]);
    box.resume('debugger');
    await until(() => log.includes('a:1'));
    await system.stop();
  });

  test('closes between two messages of the same visit', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    const box = mailboxAt({ system }, 'a');
    box.tap = { taken: () => {}, handled: () => box.suspend('step') };
    for (const type of ['1', '2', '3']) system.send('a', { type });
    await until(() => log.includes('a:1'));
    await quiet();
    expect(log).toEqual(['+a', 'a:1']);
    box.resume('step');
    await until(() => log.includes('a:2'));
    await quiet();
    expect(log).toEqual(['+a', 'a:1', 'a:2']);
    await system.stop();
  });

  test('does not keep the actor from being stopped', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    mailboxAt({ system }, 'a').suspend('debugger');
    await system.stop();
    expect(log).toEqual(['+a', '-a']);
  });
});

describe('the tap of a mailbox', () => {
  test('sees each event before and after it is handled', async () => {
    const log: string[] = [];
    const { system } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    const box = mailboxAt({ system }, 'a');
    box.tap = {
      taken: ({ type }) => log.push(`taken ${type}`),
      handled: ({ type }) => log.push(`handled ${type}`),
    };
    system.send('a', { type: '1' });
    await until(() => log.length === 4);
    expect(log).toEqual(['+a', 'taken 1', 'a:1', 'handled 1']);
    expect(box.takenCount).toBe(1);
    await system.stop();
  });

  test('may end the actor, which then does not handle the event', async () => {
    const handled: string[] = [];
    const logic = fromTransition((state, { type }: { type: string }) => {
      handled.push(type);
      return state;
    }, {});
    const { system, reports } = await staged({ id: 'a', logic, name: 'a' });
    const ref = system.whereis('a');
    const taken = () => ref && fail(ref, new Error('enough'));
    mailboxAt({ system }, 'a').tap = { taken, handled: () => {} };
    system.send('a', { type: '1' });
    await until(() => reports.some(({ type }) => type === 'crash_report'));
    await quiet();
    expect(handled).not.toContain('1');
    await system.stop();
  });

  test('that throws is reported, and harms nobody', async () => {
    const log: string[] = [];
    const { system, reports } = await staged({ id: 'a', logic: probe(log, 'a'), name: 'a' });
    const broken = () => {
      throw new Error('broken tap');
    };
    mailboxAt({ system }, 'a').tap = { taken: broken, handled: broken };
    system.send('a', { type: '1' });
    await until(() => log.includes('a:1'));
    expect(reports.filter(({ type }) => type === 'listener_error')).toHaveLength(2);
    await system.stop();
  });
});

describe('what is over by the time its turn comes is dropped', () => {
  test('a timer of a visit that was left', async () => {
    const machine = createMachine({
      initial: 'waiting',
      states: {
        waiting: { on: { again: { target: 'waiting', reenter: true } }, after: { 1000: 'late' } },
        late: {},
      },
    });
    const { system, clock } = await staged({ id: 'm', logic: machine, name: 'm' });
    system.send('m', { type: 'again' });
    clock.increment(1000);
    await quiet();
    expect(system.tree().children[0]?.state).toBe('waiting');
    clock.increment(1000);
    await until(() => system.tree().children[0]?.state === 'late');
    await system.stop();
  });

  test('a message of its own that was put off, and then cancelled', async () => {
    const machine = createMachine({
      initial: 'waiting',
      entry: raise({ type: 'remind' }, { delay: 1000, id: 'reminder' }),
      on: { never: { actions: cancel('reminder') }, remind: '.reminded' },
      states: { waiting: {}, reminded: {} },
    });
    const { system, clock } = await staged({ id: 'm', logic: machine, name: 'm' });
    system.send('m', { type: 'never' });
    clock.increment(1000);
    await quiet();
    expect(system.tree().children[0]?.state).toBe('waiting');
    await system.stop();
  });

  test('the end of a child of a visit that was left', async () => {
    const finish: ((value: string) => void)[] = [];
    const outputs: string[] = [];
    const call = fromPromise(() => new Promise<string>((resolve) => finish.push(resolve)));
    const machine = setup({ actors: { call } }).createMachine({
      initial: 'calling',
      states: {
        calling: {
          invoke: { src: 'call', id: 'call', onDone: { actions: ({ event }) => outputs.push(event.output) } },
          on: { again: { target: 'calling', reenter: true } },
        },
      },
    });
    const { system } = await staged({ id: 'm', logic: machine, name: 'm' });
    system.send('m', { type: 'again' });
    finish[0]?.('stale');
    await until(() => finish.length === 2);
    await quiet();
    expect(outputs).toEqual([]);
    finish[1]?.('current');
    await until(() => outputs.length > 0);
    expect(outputs).toEqual(['current']);
    await system.stop();
  });
});

function mailboxAt({ system }: Pick<Stage, 'system'>, name: string): Mailbox {
  const ref = system.whereis(name);
  const mailbox = ref && mailboxOf(ref);
  if (!mailbox) throw new Error(`nobody with a mailbox is called "${name}"`);
  return mailbox;
}

function systemOf({ system }: Pick<Stage, 'system'>, name: string): AnyActorRef['system'] {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`nobody is called "${name}"`);
  return ref.system;
}
