import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { createMemory, type Memory, type SearchOptions } from './index.ts';
import { openVectors } from './vectors/testing/open-vectors.ts';
import type { Vectors } from './vectors/vectors.ts';

const DAY_MS = 86_400_000;

let database: Database;
let memory: Memory;
let now = Date.UTC(2026, 2, 14);

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  memory = createMemory(database, { now: () => now });
});

async function save(path: string, content: string): Promise<void> {
  await database.commit(memory.writeStatements(path, content, { append: false }));
}

const paths = async (query: string, options: Partial<SearchOptions> = {}) =>
  (await memory.search(query, { limit: 10, ...options })).map(({ path }) => path);

describe('the passages that fit', () => {
  const sentence = (about: string) => `${`We talked about ${about} for quite a while. `.repeat(8)}\n\n`;

  test('are parts of a long document, the best first', async () => {
    await save('day.md', ['boats', 'cheese', 'trains', 'boats and cheese'].map(sentence).join(''));
    const hits = await memory.search('cheese boats', 5);
    expect(hits[0]).toMatchObject({ path: 'day.md', chunk: 3 });
    expect(hits[0]?.snippet).toContain('boats and cheese');
    expect(hits.map(({ chunk }) => chunk).sort()).toEqual([0, 1, 3]);
    expect(hits.every(({ score }, at) => score <= (hits[at - 1]?.score ?? 1) && score > 0)).toBe(true);
  });

  test('may be so many of one document at most', async () => {
    await save('day.md', ['boats', 'trains', 'boats again'].map(sentence).join(''));
    await save('other.md', 'boats');
    expect((await paths('boats')).length).toBe(3);
    expect((await paths('boats', { perDocument: 1 })).toSorted()).toEqual(['day.md', 'other.md']);
  });

  test('may lie beneath a folder only', async () => {
    for (const path of ['a/x.md', 'a/b/y.md', 'ab/z.md']) await save(path, 'cheese');
    expect((await paths('cheese', { folder: 'a' })).toSorted()).toEqual(['a/b/y.md', 'a/x.md']);
  });

  test('have none of the words that may not be there', async () => {
    await save('red.md', 'cheese with red wine');
    await save('white.md', 'cheese with white wine, and much else');
    expect(await paths('cheese wine -red')).toEqual(['white.md']);
    expect(await paths('cheese -"white wine"')).toEqual(['red.md']);
  });

  test('with the whole phrase come first', async () => {
    await save('mixed.md', 'autumn in ships, ships in autumn ports, ships ships autumn autumn');
    await save('other.md', 'in autumn nothing ships, autumn ships, ships in winter');
    await save(
      'exact.md',
      'Some long note on the harbour and its people. Beta Ships in\nautumn, if at all, they say.',
    );
    expect((await paths('"ships in autumn"')).at(-1)).toBe('other.md');
  });

  test('are the newer ones where what is new is asked for', async () => {
    await save('old.md', 'cheese cheese cheese');
    now += 100 * DAY_MS;
    await save('new.md', 'cheese and the harbour and its people and whatever else there is');
    expect((await paths('cheese'))[0]).toBe('old.md');
    expect((await paths('cheese', { recency: 30 }))[0]).toBe('new.md');
  });

  test('repeat each other less where they are not to', async () => {
    await save('a.md', 'blue cheese from the market');
    await save('b.md', 'blue cheese from the markets');
    await save('c.md', 'a shop that has cheese, and closes early on Fridays in winter');
    expect((await paths('blue cheese', { limit: 2 })).toSorted()).toEqual(['a.md', 'b.md']);
    expect(await paths('blue cheese', { limit: 2, diversity: 0.7 })).toContain('c.md');
  });
});

test('an answer is found by the question before it', async () => {
  const turns = [
    'Did the plumber send his bill?',
    'Four hundred, dear me, plumber!',
    'Plumber or not, it rains.',
  ];
  for (const [at, text] of [...turns, 'Indeed.', 'Four plumbers came, all of them tall people.'].entries())
    await save(`chat/turn-${at + 9}.md`, text);
  const order = await paths('plumber bill');
  expect(order.slice(0, 2)).toEqual(['chat/turn-9.md', 'chat/turn-10.md']);
  const alone = await paths('plumber bill', { neighbours: false });
  expect(alone.indexOf('chat/turn-10.md')).toBeGreaterThan(0);
});

describe('with vectors', () => {
  let vectors: Vectors;
  beforeEach(async () => {
    vectors = openVectors(database, { provider: 'embedded' });
    memory = createMemory(database, { now: () => now }, undefined, { vectors });
    await save('people/bob.md', 'Bob cannot eat peanuts, they make him ill.');
    await save('people/eva.md', 'Eva plays the violin in the evening.');
    await save('leute/eva.md', 'Eva spielt abends Geige.');
  });
  afterAll(() => vectors.rest());

  test('a passage is found that says it in other words', async () => {
    expect(await paths('food allergy')).toEqual([]);
    await vectors.index(new AbortController().signal);
    const hits = await memory.search('food allergy', { limit: 3, waitMs: 20_000 });
    expect(hits[0]?.path).toBe('people/bob.md');
    expect(hits.partial).toBeUndefined();
    expect(await paths('food allergy', { fusion: 'text' })).toEqual([]);
  });

  test('a language that the model does not know is searched by its words', async () => {
    await vectors.index(new AbortController().signal);
    const hits = await memory.search('Wann spielt Eva Geige?', { limit: 3, waitMs: 20_000 });
    expect(hits[0]?.path).toBe('leute/eva.md');
    expect(hits[0]?.score).toBe(1);
  });

  test('it is said when they are not there', async () => {
    const hits = await memory.search('violin', 5);
    expect(hits.map(({ path }) => path)).toEqual(['people/eva.md']);
    expect(hits.partial).toContain('words only');
  });
});
