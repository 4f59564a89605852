import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../src/core/journal.ts';
import { createMemory, type Memory } from '../src/memory/index.ts';
import type { Database } from '../src/storage/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { recalled } from './recall.ts';
import { openBench } from './testing/bench.ts';

const clock = { now: () => Date.UTC(2026, 2, 14, 12) };
const log = pino({ level: 'silent' });
let database: Database;
let memory: Memory;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  memory = createMemory(database, clock);
  await save('people/ada.md', 'My sister Ada lives in Ghent.');
});

const save = (path: string, content: string) =>
  database.commit(memory.writeStatements(path, content, { append: false }));

const QUESTION = 'Where does my sister live?';

type Began = Extract<JournalRecord, { type: 'turn.began' }>;

const began = (more: Partial<Began> = {}, turnId = 't'): Began => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId: 'i', text: QUESTION }],
  route: 'query',
  ...more,
});

const entriesOf = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, at) => ({ ...record, seq: at + 1, at: '2026-03-14T12:00:00.000Z' }));

const recalledFor = (...records: readonly JournalRecord[]) =>
  recalled({ memory, clock, log }, { entries: entriesOf(...records), turnId: 't' });

const FOUND = {
  type: 'memory.recalled',
  turnId: 't',
  passages: [{ path: 'people/ada.md', text: 'My sister Ada lives in Ghent.' }],
};

describe('what memory says to the user’s message', () => {
  test('is a record of the turn', async () => {
    expect(await recalledFor(began({ messages: [] }, 'earlier'), began())).toEqual(FOUND);
  });

  test('is looked up once in a turn', async () => {
    expect(
      await recalledFor(began(), { type: 'memory.recalled', turnId: 't', passages: [] }),
    ).toBeUndefined();
  });

  test('is looked up anew in the next turn', async () => {
    const before = { type: 'memory.recalled', turnId: 'earlier', passages: [] } as const;
    expect(await recalledFor(began({}, 'earlier'), before, began())).toEqual(FOUND);
  });
});

test('neither a stranger nor an agent is handed what the user keeps', async () => {
  const stranger = [{ inboxId: 'i', text: QUESTION, origin: 'a mail of eve@x.example' }];
  expect(await recalledFor(began({ messages: stranger }))).toBeUndefined();
  const agent = {
    parentConversationId: 'c',
    parentTurnId: 'p',
    depth: 1,
    tools: [],
    budgetMicroUsd: null,
    maxIterations: 5,
    origins: [],
  };
  expect(await recalledFor(began({ agent }))).toBeUndefined();
});

test('a command needs no memory', async () => {
  expect(await recalledFor(began({ route: 'command' }))).toBeUndefined();
});

test('what the prompt says anyway is not told twice', async () => {
  await database.query('delete from memory_document');
  await save('MEMORY.md', 'My sister Ada lives in Ghent.');
  expect(await recalledFor(began())).toBeUndefined();
  const rest = `${'Something else. '.repeat(200)}\n\nMy sister Eva lives in Oslo.`;
  await save('MEMORY.md', rest);
  expect((await recalledFor(began()))?.passages[0]?.text).toContain('Oslo');
});

test('where memory fails, the turn goes on without it', async () => {
  const broken: Memory = { ...memory, search: () => Promise.reject(new Error('no connection')) };
  const entries = entriesOf(began());
  expect(await recalled({ memory: broken, clock, log }, { entries, turnId: 't' })).toBeUndefined();
});

test('in a turn, the model reads it beside the message, and what is not the user’s marks its answer', async () => {
  const shown: string[] = [];
  await using bench = await openBench({
    script: ({ messages }) => {
      shown.push(JSON.stringify(messages));
      return 'In Ghent.';
    },
  });
  const origins = ['the page https://a.example'];
  const note = createMemory(bench.database, clock);
  await bench.database.commit(
    note.writeStatements('people/ada.md', 'My sister Ada lives in Ghent.', { append: false, origins }),
  );
  await bench.say(QUESTION);
  await bench.waitFor('turn.replied');
  expect(shown[0]).toContain('My sister Ada lives in Ghent.');
  const entries = await bench.entries();
  expect(entries.filter(({ type }) => type === 'memory.recalled')).toHaveLength(1);
  const answer = entries.find((entry) => entry.type === 'model.completed');
  expect(answer?.origins).toEqual(['the document people/ada.md of memory, after the page https://a.example']);
});
