import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { charactersOf, placesOf } from './places.ts';

let database: Database;
beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

async function chunksOf(path: string, content: string): Promise<readonly number[]> {
  await database.query(
    'insert into memory_document (path, content, created_at, updated_at) values ($1, $2, $3, $3)',
    [path, content, new Date('2026-03-04T05:06:07.089Z')],
  );
  const { rows } = await database.query<{ id: number }>(
    'select id from memory_chunk where path = $1 order by number',
    [path],
  );
  return rows.map(({ id }) => id);
}

const paragraph = 'Ärger über Öl, überall und für alle. '.repeat(12);

test('a chunk that is all of its document is alone, in letters of any length', async () => {
  const [id = 0] = await chunksOf('notes/one "quoted".md', `${paragraph}\n`);
  expect(await placesOf(database, [id, 987_654])).toEqual([
    {
      chunkId: id,
      path: 'notes/one "quoted".md',
      number: 0,
      characters: undefined,
      isAlone: true,
      updatedAt: new Date('2026-03-04T05:06:07.089Z'),
    },
  ]);
});

test('the first of several is not alone', async () => {
  const ids = await chunksOf('notes/many.md', [1, 2, 3].map((n) => `${n} ${paragraph}\n\n`).join(''));
  expect(ids.length).toBeGreaterThan(1);
  const places = await placesOf(database, ids);
  expect(places.map(({ number }) => number).toSorted()).toEqual(ids.map((_, at) => at));
  expect(places.some(({ isAlone }) => isAlone)).toBe(false);
});

test('characters are counted of short texts, and of others when they are asked for', async () => {
  const [short = 0] = await chunksOf('short.md', 'äöü');
  const [middle = 0] = await chunksOf('middle.md', paragraph);
  const [long = 0] = await chunksOf('long.md', 'Мы идём домой. '.repeat(80));
  const counted = new Map((await placesOf(database, [short, middle, long])).map((one) => [one.chunkId, one]));
  expect(counted.get(short)?.characters).toBe(3);
  expect(counted.get(middle)?.characters).toBeUndefined();
  expect(counted.get(long)?.characters).toBe(500);
  expect(await charactersOf(database, [middle])).toEqual(new Map([[middle, paragraph.length]]));
});

test('nothing is asked about nothing', async () => {
  expect(await placesOf(database, [])).toEqual([]);
  expect(await placesOf(database, [987_654])).toEqual([]);
});
