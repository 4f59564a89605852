import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openEmbeddedDatabase } from './testing/embedded-database.ts';
import { nearestPaths, openVectors, putDocuments, untilStopped } from './testing/open-vectors.ts';
import type { Vectors } from './vectors.ts';

// The real model, in its real thread, over the real embedded database.

const NOTES = {
  'people/anna.md': 'Anna Kowalska is my sister. She was born on 4 May 1985 and lives in Krakow.',
  'home/coffee.md': 'The espresso machine broke in March; the repair cost 240 euros.',
  'work/release.md': 'The next release ships on Friday, after the load tests have passed.',
};

let opened: Awaited<ReturnType<typeof openEmbeddedDatabase>>;
let database: Database;
let vectors: Vectors;
let rested = 0;

beforeAll(async () => {
  opened = await openEmbeddedDatabase();
  database = opened.database;
  await putDocuments(database, NOTES);
  vectors = openVectors(database, { provider: 'embedded' }, { idleMs: 60_000, onRested: () => rested++ });
});

afterAll(async () => {
  await vectors.rest();
  await opened[Symbol.asyncDispose]();
});

test('there is nothing to find before the first vectors are made', async () => {
  expect(await nearestPaths(database, vectors, 'coffee')).toBeUndefined();
  expect(await vectors.look()).toBe(true);
  expect(await vectors.status()).toEqual({ model: 'embedded/use-lite-en', embedded: 0, pending: 3 });
});

test('texts are found that say the same in other words', async () => {
  expect(await vectors.index(untilStopped())).toEqual({ ok: true, value: undefined });
  expect(await vectors.status()).toEqual({ model: 'embedded/use-lite-en', embedded: 3, pending: 0 });
  expect((await nearestPaths(database, vectors, "my sibling's birthday"))?.[0]).toBe('people/anna.md');
  expect((await nearestPaths(database, vectors, 'how much did fixing the coffee maker cost'))?.[0]).toBe(
    'home/coffee.md',
  );
  expect((await nearestPaths(database, vectors, 'when do we deploy'))?.[0]).toBe('work/release.md');
});

test('a text that changed is found by what it says now, and no more by what it said', async () => {
  await putDocuments(database, { 'home/coffee.md': 'Our cat Momo sleeps on the radiator all day.' });
  expect(await nearestPaths(database, vectors, 'espresso')).not.toContain('home/coffee.md');
  expect(await vectors.look()).toBe(true);
  await vectors.index(untilStopped());
  expect((await nearestPaths(database, vectors, 'what does our pet do'))?.[0]).toBe('home/coffee.md');
  expect(await vectors.look()).toBe(false);
  await putDocuments(database, NOTES);
  await vectors.index(untilStopped());
});

test('a folder is searched alone', async () => {
  const found = await nearestPaths(database, vectors, 'espresso', { folder: 'people' });
  expect(found).toEqual(['people/anna.md']);
  expect(await nearestPaths(database, vectors, 'espresso', { folder: 'peo' })).toEqual([]);
});

test('the same measure is there for chunks that are not among the nearest', async () => {
  const { rows } = await database.query<{ id: number }>('select id from memory_chunk order by id');
  const ids = rows.map(({ id }) => id);
  const beside = Promise.resolve([...ids, 987_654]);
  const found = await vectors.nearest('espresso', { limit: 1, waitMs: 20_000, beside });
  expect(found?.candidates).toHaveLength(1);
  expect([...(found?.beside.keys() ?? [])].sort()).toEqual(ids);
  const [best] = found?.candidates ?? [];
  expect(found?.beside.get(best?.chunkId ?? 0)).toBeCloseTo(best?.similarity ?? 0, 6);
});

test('a vector that came since the last question is found, and measured where its chunk was found otherwise', async () => {
  await vectors.index(untilStopped());
  expect(await nearestPaths(database, vectors, 'espresso')).toBeDefined();
  await putDocuments(database, { 'music/piano.md': 'The piano is tuned every autumn.' });
  await vectors.index(untilStopped());
  const { rows } = await database.query<{ id: number }>(
    "select id from memory_chunk where path = 'music/piano.md'",
  );
  const [{ id } = { id: 0 }] = rows;
  const beside = Promise.resolve([id]);
  const question = 'when is the instrument tuned';
  const found = await vectors.nearest(question, { limit: 1, waitMs: 20_000, beside });
  expect(found?.candidates.map(({ chunkId }) => chunkId)).toEqual([id]);
  expect(found?.places.find(({ chunkId }) => chunkId === id)).toMatchObject({
    path: 'music/piano.md',
    number: 0,
    isAlone: true,
    characters: 32,
  });
  expect(found?.beside.get(id)).toBeCloseTo(found?.candidates[0]?.similarity ?? 0, 6);
});

test('a question in English is spoken by the model, one in another language is not', async () => {
  const speaks = async (query: string) =>
    (await vectors.nearest(query, { limit: 1, waitMs: 20_000 }))?.speaks;
  expect(await speaks('When does the next release ship?')).toBeGreaterThan(0.9);
  expect(await speaks('Wann hat meine Schwester Geburtstag?')).toBeLessThan(0.5);
  expect(await speaks('我的护照号码是多少')).toBe(0);
});

test('texts of every kind have vectors: endless words, blanks, lone surrogates, no letters', async () => {
  await putDocuments(database, {
    'odd/endless.md': 'x'.repeat(5000),
    'odd/signs.md': '--- *** 🙂🙂 \u200b\u200b ---',
    'odd/lines.md': `\n\n\t${'line\n'.repeat(300)}`,
  });
  expect(await vectors.index(untilStopped())).toEqual({ ok: true, value: undefined });
  expect((await vectors.status()).pending).toBe(0);
  expect(await nearestPaths(database, vectors, ' \n ')).toBeUndefined();
  expect(await nearestPaths(database, vectors, '\ud800 half a sign')).toBeDefined();
});

test('a question does not wait until all of memory has its vectors', async () => {
  await putDocuments(
    database,
    Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`many/${n}.md`, `Note ${n}. ${'A longer text. '.repeat(60)}`]),
    ),
  );
  const stop = new AbortController();
  const done = vectors.index(stop.signal);
  expect((await nearestPaths(database, vectors, 'fixing the coffee maker'))?.[0]).toBe('home/coffee.md');
  expect((await vectors.status()).pending).toBeGreaterThan(0);
  stop.abort();
  expect(await done).toEqual({ ok: true, value: undefined });
});

test('nobody waits longer than he said: the model loads for the next question', async () => {
  const slow = openVectors(database, { provider: 'embedded' });
  expect(await slow.nearest('a question', { limit: 1, waitMs: 0 })).toBeUndefined();
  expect(await slow.nearest('a question', { limit: 1, waitMs: 20_000 })).toBeDefined();
  await slow.rest();
});

test('the thread ends when it is told to, and what is asked later starts another', async () => {
  await nearestPaths(database, vectors, 'espresso');
  const before = rested;
  await vectors.rest();
  expect(rested).toBe(before + 1);
  expect((await nearestPaths(database, vectors, 'the repair of the espresso machine'))?.[0]).toBe(
    'home/coffee.md',
  );
});
