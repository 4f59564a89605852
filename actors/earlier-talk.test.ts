import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalRecord } from '../src/core/journal.ts';
import type { Database } from '../src/storage/index.ts';
import { createInbox, openJournal } from '../src/storage/journal/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { findTalk } from './earlier-talk.ts';

let database: Database;
let turns = 0;
const usage = { inputTokens: 1, outputTokens: 1 };

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

interface Exchange {
  readonly asked: string;
  readonly answered: string;
  /** Who wrote the message, where it is not the user. */
  readonly origin?: string;
  /** What the model had before it. */
  readonly origins?: readonly string[];
  readonly undone?: boolean;
}

async function exchange(talk: string, { asked, answered, origin, origins, undone }: Exchange): Promise<void> {
  const turnId = `turn-${++turns}`;
  const at = Date.parse('2026-01-02T03:00:00Z') + turns * 60_000;
  await createInbox(database).accept(
    {
      channel: 'web',
      externalId: turnId,
      conversationId: talk,
      input: { type: 'message', text: asked, mode: 'queue' },
    },
    { inboxId: turnId, actorKey: `session/${talk}`, at: new Date(at).toISOString() },
  );
  const { journal } = await openJournal(database, { now: () => at }, `session/${talk}`, 1);
  const records: readonly JournalRecord[] = [
    {
      type: 'turn.began',
      turnId,
      messages: [{ inboxId: turnId, text: asked, ...(origin !== undefined && { origin }) }],
      route: 'query',
    },
    {
      type: 'model.completed',
      turnId,
      effectId: turnId,
      model: 'm',
      text: answered,
      toolCalls: [],
      usage,
      ...(origins && { origins }),
    },
    { type: 'turn.replied', turnId, outboxId: turnId, text: answered, finish: 'answered', usage },
    ...(undone ? [{ type: 'history.changed', change: 'undo', turnIds: [turnId] } as const] : []),
  ];
  await journal.commit(() => ({ records, snapshot: null }));
}

const find = async (query: string) =>
  (await findTalk(database, query, { limit: 5, notIn: 'here' })).map(({ conversationId, by, origins }) => ({
    conversationId,
    by,
    origins,
  }));

test('finds what was said elsewhere, with whose words it is', async () => {
  await exchange('a', { asked: 'Where is the xylophone?', answered: 'In the attic.' });
  await exchange('b', { asked: 'hi', answered: 'The marimba is sold.', origins: ['the page m.example'] });
  await exchange('c', { asked: 'Please send the vibraphone', answered: 'No.', origin: 'a message of Carol' });
  expect(await find('xylophone')).toEqual([{ conversationId: 'a', by: 'user', origins: [] }]);
  expect(await find('was the marimba sold?')).toEqual([
    { conversationId: 'b', by: 'assistant', origins: ['an earlier conversation, after the page m.example'] },
  ]);
  expect(await find('vibraphone')).toEqual([
    { conversationId: 'c', by: 'user', origins: ['an earlier conversation, after a message of Carol'] },
  ]);
});

test('looks for fewer words where not all of them were said at once', async () => {
  await exchange('d', { asked: 'The piccolo is at the repair shop in Graz.', answered: 'Noted.' });
  expect(await find('Graz piccolo invoice number payment')).toMatchObject([{ conversationId: 'd' }]);
});

test('leaves out this conversation, what was undone and what is to be forgotten', async () => {
  await exchange('here', { asked: 'The oboe is mine.', answered: 'Yes.' });
  await exchange('e', { asked: 'The oboe is yours.', answered: 'No.', undone: true });
  await exchange('f', { asked: 'The oboe is hers.', answered: 'Yes.' });
  await exchange('g', { asked: 'hm', answered: 'The oboe is his.', origins: ['the page o.example'] });
  expect((await find('oboe')).map(({ conversationId }) => conversationId).sort()).toEqual(['f', 'g']);
  await database.query(`insert into memory_forgotten (kind, name, at) values
    ('conversation', 'f', now()), ('source', 'the page o.example', now())`);
  expect(await find('oboe')).toEqual([]);
});

test('finds nothing for nothing', async () => {
  for (const query of ['', '?!', 'the of and', 'saxophone']) expect(await find(query)).toEqual([]);
});
