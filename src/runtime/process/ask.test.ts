import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { assign, fromCallback, setup } from 'xstate';
import { type ChildSpec, supervisor } from '../index.ts';
import { probeSpec, quiet, type Stage, stage, until } from '../test-doubles.ts';
import { type Ask, ask, type ReplyAddress, reply } from './ask.ts';

type PriceAsk = Ask<{ type: 'price.ask'; of: string }, number>;

const SECOND = { timeoutMs: 1_000 };
const TEA = { type: 'price.ask', of: 'tea' };

const staged = (...children: ChildSpec[]): Promise<Stage> =>
  stage(supervisor({ strategy: 'one_for_one', intensity: 9, children }));

function refOf({ system }: Stage, name: string): AnyActorRef {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`no ${name}`);
  return ref;
}

/** A statechart that answers: its union of events says what with. */
const prices = setup({
  types: { events: {} as PriceAsk | { type: 'price.set'; price: number }, context: {} as { price: number } },
}).createMachine({
  context: { price: 3 },
  on: {
    'price.ask': { actions: ({ event, context }) => reply(event, context.price) },
    'price.set': { actions: assign({ price: ({ event }) => event.price }) },
  },
});

/** Keeps the questions it gets, for the test to answer. */
function patient(questions: PriceAsk[]) {
  return fromCallback<PriceAsk | { type: 'crash' }>(({ receive }) =>
    receive((event) => {
      if (event.type === 'crash') throw new Error('patient crashed');
      questions.push(event);
    }),
  );
}

const lateReplies = ({ reports }: Stage) =>
  reports.filter((report) => report.type === 'dead_letter' && report.reason === 'late-reply');

describe('ask', () => {
  test('resolves with the reply, by name and by reference', async () => {
    const stage = await staged({ id: 'prices', name: 'prices', logic: prices });
    const ref = refOf(stage, 'prices');
    expect(await ask<number>(ref.system, 'prices', TEA, SECOND)).toEqual({ ok: true, value: 3 });
    ref.send({ type: 'price.set', price: 4 });
    expect(await ask<number>(ref.system, ref, TEA, SECOND)).toEqual({ ok: true, value: 4 });
    expect(lateReplies(stage)).toEqual([]);
    await stage.system.stop();
  });

  test('keeps questions apart, whatever the order of the replies', async () => {
    const questions: PriceAsk[] = [];
    const stage = await staged({ id: 'p', name: 'p', logic: patient(questions) });
    const { system } = refOf(stage, 'p');
    const tea = ask<number>(system, 'p', TEA, SECOND);
    const milk = ask<number>(system, 'p', { type: 'price.ask', of: 'milk' }, SECOND);
    await until(() => questions.length === 2);
    for (const question of [...questions].reverse()) reply(question, question.of === 'tea' ? 1 : 2);
    expect(await tea).toEqual({ ok: true, value: 1 });
    expect(await milk).toEqual({ ok: true, value: 2 });
    expect(questions[0]?.ask.id).not.toBe(questions[1]?.ask.id);
    await stage.system.stop();
  });

  test('times out on the clock of the runtime; the reply that comes then is a dead letter', async () => {
    const questions: PriceAsk[] = [];
    const stage = await staged({ id: 'p', name: 'p', logic: patient(questions) }, probeSpec([], 'asker'));
    const from = refOf(stage, 'asker');
    const asked = ask<number>(from.system, 'p', TEA, { ...SECOND, from });
    await until(() => questions.length === 1);
    stage.clock.increment(999);
    expect(await Promise.race([asked, quiet()])).toBeUndefined();
    stage.clock.increment(1);
    expect(await asked).toEqual({ ok: false, error: { kind: 'timeout' } });
    const [question] = questions;
    if (question) reply(question, 5);
    expect(lateReplies(stage)).toEqual([
      {
        type: 'dead_letter',
        receiver: 'root/asker',
        event: { type: 'ask.reply', id: question?.ask.id, answer: 5 },
        reason: 'late-reply',
      },
    ]);
    await stage.system.stop();
  });

  test('takes the first reply; a second one is a dead letter and nothing else', async () => {
    const questions: PriceAsk[] = [];
    const stage = await staged({ id: 'p', name: 'p', logic: patient(questions) });
    const asked = ask<number>(refOf(stage, 'p').system, 'p', TEA, SECOND);
    await until(() => questions.length === 1);
    for (const answer of [1, 2]) if (questions[0]) reply(questions[0], answer);
    expect(await asked).toEqual({ ok: true, value: 1 });
    expect(lateReplies(stage)).toMatchObject([
      { receiver: 'whoever asked root/p', event: { answer: 2 }, reason: 'late-reply' },
    ]);
    await stage.system.stop();
  });

  test('of a name that nobody holds is noproc, at once', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const { system } = refOf(stage, 'a');
    expect(await ask(system, 'nobody', TEA, SECOND)).toEqual({ ok: false, error: { kind: 'noproc' } });
    await stage.system.stop();
  });

  test('of an actor that has ended is noproc, and no dead letter', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const a = refOf(stage, 'a');
    await stage.system.stop();
    expect(await ask(a.system, a, TEA, SECOND)).toEqual({ ok: false, error: { kind: 'noproc' } });
    expect(stage.reports.filter(({ type }) => type === 'dead_letter')).toEqual([]);
  });

  test('of a full mailbox is refused', async () => {
    const stage = await staged(probeSpec([], 'a', { mailbox: { capacity: 1 } }));
    stage.system.send('a', { type: 'first' });
    const { system } = refOf(stage, 'a');
    expect(await ask(system, 'a', TEA, SECOND)).toEqual({ ok: false, error: { kind: 'refused' } });
    await stage.system.stop();
  });

  test('of a receiver that dies before it replies is down with its reason, without waiting for the time-out', async () => {
    const questions: PriceAsk[] = [];
    const stage = await staged({ id: 'p', name: 'p', logic: patient(questions) });
    const asked = ask<number>(refOf(stage, 'p').system, 'p', TEA, SECOND);
    stage.system.send('p', { type: 'crash' });
    const reason = { kind: 'error', error: new Error('patient crashed') };
    expect(await asked).toEqual({ ok: false, error: { kind: 'down', reason } });
    await stage.system.stop();
  });

  test('counts a reply that was given just before the receiver died', async () => {
    const logic = fromCallback<PriceAsk>(({ receive }) =>
      receive((event) => {
        reply(event, 7);
        throw new Error('died of it');
      }),
    );
    const stage = await staged({ id: 'p', name: 'p', logic });
    expect(await ask<number>(refOf(stage, 'p').system, 'p', TEA, SECOND)).toEqual({ ok: true, value: 7 });
    await stage.system.stop();
  });

  test('is not answered by the next incarnation, not even where that one inherits the question', async () => {
    const questions: PriceAsk[] = [];
    const stage = await staged({ id: 'p', name: 'p', logic: patient(questions) });
    const before = refOf(stage, 'p');
    const first = ask<number>(before.system, 'p', TEA, SECOND);
    stage.system.send('p', { type: 'crash' });
    expect(await first).toMatchObject({ error: { kind: 'down' } });
    await until(() => ![before, undefined].includes(stage.system.whereis('p')));
    if (questions[0]) stage.system.send('p', questions[0]);
    const second = ask<number>(before.system, 'p', TEA, SECOND);
    await until(() => questions.length === 3);
    const [, inherited, own] = questions;
    if (inherited) reply(inherited, 1);
    if (own) reply(own, 2);
    expect(await second).toEqual({ ok: true, value: 2 });
    expect(lateReplies(stage)).toMatchObject([{ event: { answer: 1 } }]);
    await stage.system.stop();
  });

  test('may be handed on: another actor replies in the place of the first', async () => {
    const questions: PriceAsk[] = [];
    const relayed = fromCallback<PriceAsk>(({ receive }) =>
      receive((event) => {
        target.send?.(event);
      }),
    );
    const target: { send?: (event: PriceAsk) => void } = {};
    const stage = await staged(
      { id: 'front', name: 'front', logic: relayed },
      { id: 'back', name: 'back', logic: patient(questions) },
    );
    target.send = (event) => stage.system.send('back', event);
    const asked = ask<number>(refOf(stage, 'front').system, 'front', TEA, SECOND);
    await until(() => questions.length === 1);
    if (questions[0]) reply(questions[0], 9);
    expect(await asked).toEqual({ ok: true, value: 9 });
    await stage.system.stop();
  });

  test('shows inspectors who asks', async () => {
    const stage = await staged({ id: 'prices', name: 'prices', logic: prices }, probeSpec([], 'asker'));
    const from = refOf(stage, 'asker');
    const senders: unknown[] = [];
    stage.system.inspect((seen) => {
      if (seen.type === '@xstate.event' && seen.event.type === 'price.ask') senders.push(seen.sourceRef);
    });
    await ask<number>(from.system, 'prices', TEA, { ...SECOND, from });
    expect(senders).toEqual([from]);
    await stage.system.stop();
  });

  test('leaves no timer behind', async () => {
    const timers = new Set<unknown>();
    const stage = await staged({ id: 'prices', name: 'prices', logic: prices });
    const { clock } = stage;
    const [set, clear] = [clock.setTimeout.bind(clock), clock.clearTimeout.bind(clock)];
    clock.setTimeout = (run, ms) => {
      const timer = set(run, ms);
      timers.add(timer);
      return timer;
    };
    clock.clearTimeout = (timer) => {
      timers.delete(timer);
      clear(timer);
    };
    const { system } = refOf(stage, 'prices');
    const asked = ask<number>(system, 'prices', TEA, SECOND);
    expect(timers.size).toBe(1);
    await asked;
    expect(timers.size).toBe(0);
    await ask<number>(system, 'prices', TEA, { timeoutMs: Number.POSITIVE_INFINITY });
    await stage.system.stop();
  });

  test('refuses a time-out that makes no sense', async () => {
    const stage = await staged(probeSpec([], 'a'));
    const { system } = refOf(stage, 'a');
    for (const timeoutMs of [-1, Number.NaN])
      expect(() => ask(system, 'a', TEA, { timeoutMs })).toThrow(RangeError);
    await stage.system.stop();
  });

  test('types the answer: an event says what it is to be answered with', () => {
    const answerWith = (address: ReplyAddress<number>) => {
      reply({ ask: address }, 1);
      // @ts-expect-error a price is a number
      reply({ ask: address }, 'one');
    };
    expect(answerWith).toBeTypeOf('function');
  });
});
