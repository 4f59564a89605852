import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemory } from '../src/memory/index.ts';
import type { Database } from '../src/storage/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { readIdentity } from './identity.ts';

const MINUTE = 60_000;

let database: Database;
beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

test('is read once, and again only where memory may have changed', async () => {
  let now = 0;
  let queries = 0;
  const clock = { now: () => now };
  const counting: Database = {
    ...database,
    query: (sql, params) => {
      queries++;
      return database.query(sql, params);
    },
  };
  const memory = createMemory(counting, clock);
  const read = async (): Promise<string> => readIdentity({ memory, clock });
  const write = (content: string) => memory.writeStatements('USER.md', content, { append: false });

  expect(await read()).toBe('');
  for (let turn = 0; turn < 10; turn++) expect(await read()).toBe('');
  expect(queries).toBe(1);

  // Prepared, read in between, and committed only then.
  now += MINUTE;
  const statements = write('Lives in Rome.');
  now += 1_000;
  expect(await read()).toBe('');
  await database.commit(statements);
  expect(await read()).toContain('Lives in Rome.');
  now += 3 * MINUTE;
  const before = queries;
  for (let turn = 0; turn < 10; turn++) expect(await read()).toContain('Lives in Rome.');
  expect(queries).toBe(before + 1);

  // Another process writes to the same database.
  await database.commit(
    createMemory(database, clock).writeStatements('USER.md', 'Lives in Oslo.', { append: false }),
  );
  now += 6 * MINUTE;
  expect(await read()).toContain('Lives in Oslo.');
});
