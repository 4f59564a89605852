import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { createMemory } from '../index.ts';
import { coverageOf } from './coverage.ts';
import { findByWords } from './text.ts';

let database: Database;

beforeAll(async () => {
  database = await openMemoryDatabase();
  const memory = createMemory(database, { now: () => 0 });
  const texts = ['Bread and cheese.', 'The harbour at night.', 'Trains to Ghent.', 'Rain, rain, rain.'];
  for (const [at, text] of texts.entries())
    await database.commit(memory.writeStatements(`n${at}.md`, text, { append: false }));
});
afterAll(() => database.close());

async function coverage(query: string): Promise<number> {
  const { terms, candidates } = await findByWords(database, query, { limit: 1 });
  return coverageOf(terms, candidates[0]?.score ?? 0);
}

test('the more of a query one text has, the more is covered', async () => {
  const parts = [];
  for (const query of ['harbour train rain bread', 'harbour night rain', 'harbour night'])
    parts.push(await coverage(query));
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  expect(parts.at(0)).toBeGreaterThan(0);
  expect(parts.at(-1)).toBeLessThanOrEqual(1);
});

test('where nothing is found it is nothing', async () => {
  expect(await coverage('xylophone')).toBe(0);
  expect(await coverage('')).toBe(0);
});
