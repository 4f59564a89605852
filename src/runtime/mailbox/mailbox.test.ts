import { describe, expect, test } from 'vitest';
import { createMachine, fromCallback, fromPromise, fromTransition, setup } from 'xstate';
import { type ChildSpec, type Strategy, send, supervisor } from '../index.ts';
import { probe, quiet, stage, until } from '../test-doubles.ts';

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
