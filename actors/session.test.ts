import { describe, expect, test } from 'vitest';
import type { DeliveryMode, Input } from '../src/core/assistant.ts';
import type { JournalEntry } from '../src/core/journal.ts';
import { createInbox } from '../src/storage/journal/index.ts';
import { sessionName } from './names.ts';
import { type Bench, openBench } from './testing/bench.ts';

/** A bench whose model answers when it is let, with all that the user said since it was last asked. */
async function heldBench() {
  const begun: (() => void)[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const called = (count: number): Promise<void> =>
    gates.length >= count ? Promise.resolve() : new Promise((resolve) => begun.push(resolve));
  const bench = await openBench({
    script: async ({ messages }) => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      for (const tell of begun.splice(0)) tell();
      await gate.promise;
      return `heard ${messages.flatMap((one) => (one.role === 'user' ? one.text : [])).join('+')}`;
    },
  });
  return { bench, called, release: (call: number) => gates[call - 1]?.resolve() };
}

const message = (text: string, mode?: DeliveryMode): Input => ({
  type: 'message',
  text,
  ...(mode && { mode }),
});

const replies = async (bench: Bench): Promise<readonly string[]> =>
  (await bench.entries()).filter((entry) => entry.type === 'turn.replied').map(({ text }) => text);

const replied = (bench: Bench, text: string) => bench.waitFor('turn.replied', (reply) => reply.text === text);

describe('a message during a turn that does not say what it does', () => {
  test('is seen with the next step, as configured', async () => {
    const { bench, called, release } = await heldBench();
    await using _ = bench;
    await bench.say('one');
    await called(1);
    await bench.input(message('two'));
    await bench.waitFor('turn.steered');
    release(1);
    await called(2);
    release(2);
    await replied(bench, 'heard one+two');
    expect(await replies(bench)).toHaveLength(1);
  });

  test('waits where the user chose so for the conversation, also after a restart; its own word counts more', async () => {
    const { bench, called, release } = await heldBench();
    await using _ = bench;
    await bench.say('/mode queue');
    await bench.waitFor('turn.replied');
    await bench.say('one');
    await called(1);
    await bench.input(message('two'));
    await bench.input(message('three', 'steer'));
    await bench.waitFor('turn.steered', ({ messages }) => messages[0]?.text === 'three');
    await bench.restart();
    await called(2);
    await bench.input(message('four'));
    release(2);
    await called(3);
    expect((await bench.entries()).filter(({ type }) => type === 'turn.steered')).toHaveLength(1);
    release(3);
    await called(4);
    release(4);
    await called(5);
    release(5);
    await bench.waitFor('turn.replied', ({ text }) => text.endsWith('four'));
  });

  test('that is a command waits for the turn to end', async () => {
    const { bench, called, release } = await heldBench();
    await using _ = bench;
    await bench.say('one');
    await called(1);
    await bench.input(message('/version'));
    release(1);
    await replied(bench, 'Ironbark test');
    expect(await replies(bench)).toEqual(['heard one', 'Ironbark test']);
  });
});

test('a message during a command waits, and is answered', async () => {
  const { bench, called, release } = await heldBench();
  await using _ = bench;
  for (const [call, text] of ['one', 'two', 'three'].entries()) {
    await bench.say(text);
    await called(call + 1);
    release(call + 1);
    await bench.waitFor('turn.replied', (reply) => reply.text.endsWith(text));
  }
  await bench.say('/compact');
  await called(4);
  await bench.input(message('hello', 'steer'));
  release(4);
  await called(5);
  release(5);
  await bench.waitFor('turn.replied', ({ text }) => text.endsWith('+hello'));
  expect((await bench.entries()).filter(({ type }) => type === 'turn.steered')).toEqual([]);
});

test('a steering message that comes when the turn has just ended begins the next one', async () => {
  const { bench, called, release } = await heldBench();
  await using _ = bench;
  await bench.say('one');
  await called(1);
  // On disk, and told of at the very moment when the reply is: the session does not know yet that the turn is over.
  const conversationId = 'talk';
  const input = { type: 'message', text: 'two', mode: 'steer' } as const;
  const row = { inboxId: 'late', actorKey: 'session/talk', at: new Date().toISOString() };
  await createInbox(bench.database).accept(
    { channel: 'web', externalId: 'late', conversationId, input },
    row,
  );
  const offered = { type: 'input.offered', input: { inboxId: 'late', channel: 'web', input } };
  const stop = bench.assistant.watch(conversationId, (event) => {
    if (event.type !== 'entry' || event.entry.type !== 'turn.replied') return;
    stop();
    bench.system.send(sessionName(conversationId), offered);
  });
  release(1);
  await called(2);
  release(2);
  await bench.waitFor('turn.replied', ({ text }) => text.endsWith('two'));
  const taken = (await bench.entries()).filter((entry) => 'messages' in entry);
  expect(taken.map(({ type, messages }) => `${type} ${messages[0]?.text}`)).toEqual([
    'turn.began one',
    'turn.began two',
  ]);
});

describe('a notice', () => {
  const notice: Input = { type: 'notice', text: 'The report is done.', from: 'a helper' };
  const noticesOf = (entries: readonly JournalEntry[]) =>
    entries.filter((entry) => entry.type === 'notice.posted');

  test('is told without a turn, and is on its way to the channel of the conversation', async () => {
    const { bench } = await heldBench();
    await using _ = bench;
    await bench.say('/version');
    await bench.waitFor('turn.replied');
    const noticeId = await bench.input({ ...notice, origins: ['the page x'] });
    const posted = await bench.waitFor('notice.posted');
    expect(posted).toMatchObject({ noticeId, text: notice.text, from: 'a helper', origins: ['the page x'] });
    expect(bench.modelCalls()).toBe(0);
    const { rows } = await bench.database.query('select channel, payload from outbox where id = $1', [
      posted.outboxId,
    ]);
    expect(rows).toMatchObject([{ channel: 'web', payload: { conversationId: 'talk', text: notice.text } }]);
  });

  test('waits for the turn that runs, and is told once, whatever is restarted meanwhile', async () => {
    const { bench, called, release } = await heldBench();
    await using _ = bench;
    await bench.say('one');
    await called(1);
    await bench.input(notice, 'the same');
    await bench.input(notice, 'the same');
    await bench.restart();
    await called(2);
    expect(noticesOf(await bench.entries())).toEqual([]);
    release(2);
    await bench.waitFor('notice.posted');
    await bench.restart();
    await bench.say('two');
    await called(3);
    release(3);
    await bench.waitFor('turn.replied', ({ text }) => text.endsWith('two'));
    const entries = await bench.entries();
    expect(noticesOf(entries)).toHaveLength(1);
    const types = entries.map(({ type }) => type);
    expect(types.indexOf('notice.posted')).toBeGreaterThan(types.indexOf('turn.replied'));
  });
});
