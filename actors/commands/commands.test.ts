import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { ModelMessage } from '../../src/llm/index.ts';
import type { Tool } from '../../src/tools/index.ts';
import { type Bench, openBench } from '../testing/bench.ts';

type Reply = Extract<JournalEntry, { type: 'turn.replied' }>;

/** Says one thing after another, waiting for each reply, and returns the last one. */
async function talk(bench: Bench, ...texts: readonly string[]): Promise<Reply> {
  let last: Reply | undefined;
  for (const text of texts) {
    const inboxId = await bench.say(text);
    const { turnId } = await bench.waitFor('turn.began', ({ messages }) => messages[0]?.inboxId === inboxId);
    last = await bench.waitFor('turn.replied', (reply) => reply.turnId === turnId);
  }
  if (!last) throw new Error('nothing was said');
  return last;
}

/** What the model was shown, as `user: text` and `assistant: text`. */
const shown = (messages: readonly ModelMessage[]): readonly string[] =>
  messages.map((message) => `${message.role}: ${'text' in message ? message.text : ''}`);

/** A bench whose model answers with a number, and what it was shown with each call. */
async function numberedBench() {
  const calls: (readonly string[])[] = [];
  const bench = await openBench({
    script: ({ messages }) => {
      calls.push(shown(messages));
      return `answer ${calls.length}`;
    },
  });
  return { bench, calls, latest: () => calls.at(-1)?.filter((line) => line.startsWith('user')) };
}

async function openedBy(bench: Bench, text: string): Promise<string> {
  const { turnId } = await talk(bench, text);
  const done = await bench.waitFor('command.completed', (entry) => entry.turnId === turnId);
  if (done.opens === undefined) throw new Error(`${text} opened nothing: ${done.text}`);
  return done.opens;
}

describe('/help', () => {
  test('lists every command by group, and tells about one', async () => {
    await using bench = await openBench({ script: () => '' });
    const { text } = await talk(bench, '/help');
    for (const part of ['**This conversation**', '`/undo [COUNT]`', '`/search WORDS`', '`/model', '`/cost`'])
      expect(text).toContain(part);
    expect((await talk(bench, '/help /undo')).text).toMatch(/^`\/undo \[COUNT\]` take back/);
    expect(bench.modelCalls()).toBe(0);
  });

  test.each([
    ['/undoo', '/undo'],
    ['/con', '/conversations, /conversation'],
    ['/quark', 'See /help'],
  ])('of the unknown command %s helps with %s', async (typed, hint) => {
    await using bench = await openBench({ script: () => '' });
    const { text } = await talk(bench, typed);
    expect(text).toContain(`There is no command ${typed}.`);
    expect(text).toContain(hint);
  });
});

describe('/undo and /redo', () => {
  test('take several exchanges back and bring them back one by one, the earliest first', async () => {
    const { bench, latest } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'one', 'two', 'three', '/undo 2', '/redo');
    expect((await talk(bench, '/redo 5')).text).toContain('is back');
    expect((await talk(bench, '/redo')).text).toBe('There is nothing to redo.');
    await talk(bench, '/UNDO 2', '/redo', 'four');
    expect(latest()).toEqual(['user: one', 'user: two', 'user: four']);
    expect((await talk(bench, '/redo')).text).toBe('There is nothing to redo.');
    expect((await talk(bench, '/undo many')).text).toBe('Say how many: /undo 3.');
  });

  test('reach twenty exchanges deep', async () => {
    const { bench, latest } = await numberedBench();
    await using _ = bench;
    const said = Array.from({ length: 21 }, (_, n) => `message ${n}`);
    expect((await talk(bench, ...said, '/undo 99')).text).toBe('Undone: the last 20 exchanges.');
    await talk(bench, '/redo 99', 'last');
    expect(latest()).toEqual([...said, 'last'].map((text) => `user: ${text}`));
  });
});

test('/retry says the last message again in place of the exchange, once', async () => {
  const { bench, latest } = await numberedBench();
  await using _ = bench;
  await talk(bench, 'one', 'two', '/retry');
  await bench.waitFor('turn.replied', ({ text }) => text === 'answer 3');
  expect(latest()).toEqual(['user: one', 'user: two']);
  const began = (await bench.entries()).filter((entry) => entry.type === 'turn.began');
  expect(began.map(({ messages }) => messages[0]?.text)).toEqual(['one', 'two', '/retry', 'two']);
});

describe('/new, /resume and /title', () => {
  test('open another conversation, and find the way back by title, id and words', async () => {
    const { bench } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'about penguins', '/title Birds of the south');
    const fresh = await openedBy(bench, '/new Trip to Rome');
    const known = await bench.assistant.conversations(10);
    expect(known.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Birds of the south', 'Trip to Rome']),
    );
    expect(await openedBy(bench, '/resume rome')).toBe(fresh);
    await openedBy(bench, '/new Rome');
    const rome = (await bench.assistant.conversations(10)).find(({ title }) => title === 'Rome');
    expect(await openedBy(bench, '/resume rome')).toBe(rome?.conversationId);
    expect(await openedBy(bench, `/resume ${fresh.slice(0, 8)}`)).toBe(fresh);
    expect(await openedBy(bench, '/resume')).not.toBe('talk');
    expect((await talk(bench, '/resume nonsense')).text).toContain('no other conversation that fits');
    expect((await talk(bench, '/conversations')).text).toContain('Trip to Rome');
  });

  test('an untitled new one is not there before something is said in it', async () => {
    const { bench } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'hello');
    await openedBy(bench, '/new');
    expect(await bench.assistant.conversations(10)).toHaveLength(1);
  });
});

test('/search finds what was said, in other conversations too, and not itself', async () => {
  const { bench } = await numberedBench();
  await using _ = bench;
  await talk(bench, 'my dentist is Dr. Miller', '/new', '/search dentist');
  const { text } = await talk(bench, '/search dent');
  expect(text.match(/you: /g)).toHaveLength(1);
  expect(text).toContain('you: my dentist is Dr. Miller');
});

describe('/branch', () => {
  /** Says something in a conversation and resolves with what the model was shown of it. */
  async function sayIn(bench: Bench, conversationId: string, text: string, calls: (readonly string[])[]) {
    const input = { type: 'message', text, mode: 'queue' } as const;
    const before = calls.length;
    const replied = new Promise<void>((resolve) => {
      bench.assistant.watch(conversationId, (event) => {
        if (event.type === 'entry' && event.entry.type === 'turn.replied') resolve();
      });
    });
    await bench.assistant.accept({ channel: 'web', externalId: text, conversationId, input });
    await replied;
    return calls[before];
  }

  test('shows the model what the original showed it, whatever was taken back there', async () => {
    const { bench, calls } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'one', 'wrong', '/undo', 'two', '/help', 'gone', '/undo');
    const branched = await openedBy(bench, '/branch');
    await talk(bench, 'and now?');
    const here = calls.at(-1);
    expect(await sayIn(bench, branched, 'and now?', calls)).toEqual(here);
    expect(here).toEqual([
      'user: one',
      'assistant: answer 1',
      'user: two',
      'assistant: answer 3',
      'user: and now?',
    ]);
  });

  test('takes a summary along, and what was taken back before it', async () => {
    const { bench, calls } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'one', 'wrong', '/undo', 'two', 'three', 'four');
    expect((await talk(bench, '/compact')).text).toMatch(/^Summed up \d exchanges?; about \d+ tokens/);
    const branched = await openedBy(bench, '/branch');
    await talk(bench, 'and now?');
    const here = calls.at(-1);
    expect(here?.join()).not.toContain('user: one');
    expect(await sayIn(bench, branched, 'and now?', calls)).toEqual(here);
    await talk(bench, '/expand', 'all of it?');
    expect(calls.at(-1)?.slice(0, 3)).toEqual(['user: one', 'assistant: answer 1', 'user: two']);
    expect((await talk(bench, '/expand')).text).toBe('Nothing is summed up.');
  });

  test('can leave out the last exchanges; its journal has no gaps, and what it cost stays with the original', async () => {
    const { bench, calls } = await numberedBench();
    await using _ = bench;
    await talk(bench, 'one', 'two', 'three');
    const branched = await openedBy(bench, '/branch 2');
    const copied = await bench.assistant.entries(branched, { after: 0, limit: 100 });
    expect(copied.map(({ seq }) => seq)).toEqual(copied.map((_, place) => place + 1));
    expect(copied.find((entry) => entry.type === 'model.completed')?.usage).toEqual({
      inputTokens: 0,
      outputTokens: 0,
    });
    expect(await sayIn(bench, branched, 'other', calls)).toEqual([
      'user: one',
      'assistant: answer 1',
      'user: other',
    ]);
    expect((await bench.assistant.conversations(5))[0]?.title).toBe('Branch of one');
  });

  test('does not inherit what was granted for the conversation alone', async () => {
    const tool: Tool = {
      name: 'lamp',
      description: 'switches the lamp',
      parameters: { type: 'object', properties: {} },
      effect: 'idempotent',
      approval: 'unless-granted',
      powers: ['changes'],
      timeoutMs: 1_000,
      execute: async () => ({ ok: true, content: 'on' }),
    };
    await using bench = await openBench({
      tools: [tool],
      script: ({ messages }) =>
        messages.at(-1)?.role === 'tool' ? 'done' : { calls: [{ callId: 'c', tool: 'lamp', arguments: {} }] },
    });
    await bench.say('light');
    const { approvalId } = await bench.waitFor('approval.requested');
    await bench.input({ type: 'approval', approvalId, decision: 'conversation', reason: null });
    await bench.waitFor('turn.replied');
    expect((await talk(bench, 'again')).text).toBe('done');
    const branched = await openedBy(bench, '/branch');
    const asked = new Promise<void>((resolve) => {
      bench.assistant.watch(branched, (event) => {
        if (event.type === 'entry' && event.entry.type === 'approval.requested') resolve();
      });
    });
    const input = { type: 'message', text: 'light', mode: 'queue' } as const;
    await bench.assistant.accept({ channel: 'web', externalId: 'b', conversationId: branched, input });
    await asked;
  });
});

test('/plan begins a turn that plans first; alone it tells of the plan', async () => {
  const { bench } = await numberedBench();
  await using _ = bench;
  await talk(bench, '/plan tidy up');
  const [began] = await bench.entries();
  expect(began).toMatchObject({
    type: 'turn.began',
    planning: true,
    route: 'task',
    messages: [{ text: 'tidy up' }],
  });
  expect((await bench.assistant.conversations(1))[0]?.title).toBe('tidy up');
  expect((await talk(bench, '/plan')).text).toContain('There is no plan');
});

test('/tools lists those that fit', async () => {
  await using bench = await openBench({ script: () => '' });
  expect((await talk(bench, '/tools xyzzy')).text).toBe('No tool fits "xyzzy". See /tools.');
});

describe('/context', () => {
  test('says what the model reads, by kind, and how much of it there is', async () => {
    await using bench = await openBench({ script: () => 'word '.repeat(2_000) });
    const before = (await talk(bench, '/context')).text;
    expect(before).toMatch(/instructions +\d/);
    expect(before).not.toContain('what I said');
    const after = (await talk(bench, 'hello', '/context')).text;
    expect(after).toMatch(/what I said and called +2,5\d\d/);
    expect(after).toMatch(/together +\d/);
    expect(bench.modelCalls()).toBe(1);
  });
});
