import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../core/journal.ts';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { createMemory, type Memory, recall } from './index.ts';
import { tokenBound } from './recall/token-bound.ts';

let database: Database;
let memory: Memory;
let queries: number;
let now = 0;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_version');
  queries = 0;
  now = Date.UTC(2026, 2, 14, 12);
  memory = createMemory({ ...database, query: counted }, { now: () => now });
});

const counted: Database['query'] = (sql, params) => {
  queries++;
  return database.query(sql, params);
};

async function save(path: string, content: string, ...origins: Origin[]): Promise<void> {
  await database.commit(memory.writeStatements(path, content, { append: false, origins }));
}

const ask = (text: string, route: 'query' | 'task' = 'query') => recall(memory, { text, route, now });
const pathsOf = async (text: string, route: 'query' | 'task' = 'query') =>
  (await ask(text, route))?.passages.map(({ path }) => path);

describe('what the user asks about themselves', () => {
  test('is answered with the passage that says so', async () => {
    await save('people/ada.md', 'My sister Ada lives in Ghent.');
    await save('garden.md', 'Garlic is planted in October.');
    expect(await ask('Where does my sister live?')).toEqual({
      passages: [{ path: 'people/ada.md', text: 'My sister Ada lives in Ghent.' }],
      origins: [],
    });
    expect(await pathsOf('What do you know about the garlic we planted?')).toEqual(['garden.md']);
  });

  test.each([
    ['Wo wohnt meine Schwester Hanna?', 'Meine Schwester Hanna wohnt in Lübeck.'],
    ['Où habite ma sœur ?', 'Ma sœur Claire habite à Nantes.'],
    ['¿Cuándo cumple años mi hermana?', 'Mi hermana Lucía cumple años el 30 de mayo.'],
    ['Где живёт моя сестра?', 'Моя сестра Катя живёт в Казани.'],
    ['我妹妹住在哪里?', '我妹妹小梅住在成都。'],
    ['妹の誕生日はいつですか?', '妹の由美の誕生日は一月十五日。'],
  ])('in other languages too: %s', async (question, note) => {
    await save('note.md', note);
    expect(await pathsOf(question)).toEqual(['note.md']);
  });
});

describe('a name', () => {
  test('that memory has calls for it, also where something is to be done', async () => {
    await save('people/bob-tanner.md', 'Accountant. bob@tanner.example');
    expect(await pathsOf('Send Bob the signed forms.', 'task')).toEqual(['people/bob-tanner.md']);
  });

  test('is not another name', async () => {
    await save('people/ada.md', 'Ada hopes for a party in the orchard on her birthday in March.');
    expect(await pathsOf('Does Ada hope for a party in the orchard on her birthday?')).toEqual([
      'people/ada.md',
    ]);
    expect(await ask('Does Tom hope for a party in the orchard on his birthday?')).toBeUndefined();
  });
});

describe('particulars of which nothing says whose they are', () => {
  test('are the user’s own where memory has nearly all of them', async () => {
    await save('daily/2026-11-20.md', '[14:22:18] The printer in room Magritte is broken, ticket 88123.');
    expect(await pathsOf('What is the ticket number of the broken printer?')).toEqual([
      'daily/2026-11-20.md',
    ]);
    expect(await ask('Which ink does a laser printer need?')).toBeUndefined();
  });

  test('are looked for by questions only', async () => {
    await save('daily/2026-11-20.md', 'The printer is broken, ticket 88123.');
    queries = 0;
    expect(await ask('Draw a broken printer with a ticket.', 'task')).toBeUndefined();
    expect(queries).toBe(0);
  });
});

test('one search is made, and none where a message needs no memory', async () => {
  await save('people/ada.md', 'My sister Ada lives in Ghent, France.');
  queries = 0;
  for (const text of ['hi', 'What is 17 * 23?', 'Why is the sky blue?', 'What is the capital of France?'])
    expect(await ask(text)).toBeUndefined();
  expect(queries).toBe(0);
  await ask('Where does my sister live?');
  // What there is and where, and what is said there.
  expect(queries).toBe(2);
});

test('an empty memory is looked at once, and again after something was written', async () => {
  const question = 'Where does my sister live?';
  expect(await ask(question)).toBeUndefined();
  const looks = queries;
  for (let turn = 0; turn < 3; turn++) expect(await ask(question)).toBeUndefined();
  expect(queries).toBe(looks);
  now += 1_000;
  await save('people/ada.md', 'My sister lives in Ghent.');
  expect(await pathsOf(question)).toEqual(['people/ada.md']);
});

test('an empty memory that another process may have filled is looked at again after five minutes', async () => {
  const question = 'Where does my sister live?';
  await ask(question);
  const other = createMemory(database, { now: () => now });
  await database.commit(other.writeStatements('ada.md', 'My sister lives in Ghent.', { append: false }));
  expect(await ask(question)).toBeUndefined();
  now += 300_000;
  expect(await pathsOf(question)).toEqual(['ada.md']);
});

describe('words of others', () => {
  test('come with where they are from', async () => {
    await save('people/ada.md', 'Ada lives in Ghent.', 'the page https://a.example');
    const found = await ask('Where does Ada live?');
    expect(found?.origins).toEqual([
      'the document people/ada.md of memory, after the page https://a.example',
    ]);
  });

  test('have to fit better than the user’s own', async () => {
    const note = 'Ada sent a parcel.';
    const question = 'Which address does my friend Ada have in Ghent, what did the parcel service say?';
    await save('own.md', `${note} The address is known.`);
    await save('other.md', `${note} The address is known.`, 'the page https://a.example');
    expect(await pathsOf(question)).toEqual(['own.md']);
  });
});

test('what steers the assistant is in its prompt and not recalled', async () => {
  await save('USER.md', 'My sister Ada lives in Ghent.');
  expect(await ask('Where does my sister Ada live?')).toBeUndefined();
});

test('all passages together keep to 800 tokens, and the best comes first', async () => {
  const long = 'My bees need sugar water in the cold months of the year, said everybody. ';
  for (let note = 0; note < 8; note++) await save(`bees/${note}.md`, `${note} ${long.repeat(7)}`);
  await save('bees/best.md', 'My bees: varroa treatment in December.');
  const found = await ask('When do my bees get their varroa treatment in December?');
  expect(found?.passages[0]?.path).toBe('bees/best.md');
  const all = await recall(memory, {
    text: 'What do my bees need, sugar water?',
    route: 'query',
    limit: 20,
    now,
  });
  const tokens = all?.passages.map(({ path, text }) => FRAME + tokenBound(path) + tokenBound(text)) ?? [];
  const sum = tokens.reduce((total, count) => total + count, 0);
  expect(sum).toBeGreaterThan(700);
  expect(sum).toBeLessThanOrEqual(800);
});

/** Tokens around a passage where the model reads it. */
const FRAME = 20;
