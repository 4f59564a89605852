import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { openDatabase } from '../open-database.ts';
import { startChild } from '../testing/child.ts';
import { describeConformance } from '../testing/conformance.ts';
import { MIGRATIONS } from '../testing/migrations-folder.ts';
import { mountSmallDisk } from '../testing/small-disk.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { troubleOf } from '../testing/trouble.ts';

const open = (dataDir: string): Promise<Database> => openDatabase({ dataDir, migrationsDir: MIGRATIONS });

describe('the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-pglite-'));
  let database: Database;

  beforeAll(async () => {
    database = await open(join(folder, 'database'));
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  describeConformance(() => database);
});

test('no acknowledged row is lost when the process is killed, however often', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const acknowledged: string[] = [];
  for (const rows of [40, 150, 90]) {
    const child = startChild('committer.ts', dataDir);
    let heard = 0;
    for await (const id of child.lines) {
      acknowledged.push(id);
      // What it still writes before it is dead was acknowledged too, and is read until its end.
      if (++heard === rows) void child.kill();
    }
    await child.kill();
  }
  const database = await open(dataDir);
  const { rows } = await database.query('select id from acknowledged');
  await database.close();
  const kept = new Set(rows.map(({ id }) => id));
  expect(acknowledged.length).toBeGreaterThanOrEqual(280);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
});

test('what was written is there after closing and opening again', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const first = await open(dataDir);
  await first.query('create table kept as select 42 as answer');
  await first.close();
  const second = await open(dataDir);
  expect((await second.query('select answer from kept')).rows).toEqual([{ answer: 42 }]);
  await second.close();
});

test('closing finishes what was asked before, refuses what comes after, and tells that it ended well', async () => {
  const database = await open(join(temporaryFolder(), 'database'));
  const before = database.query('select 1 as one');
  const closing = database.close();
  const after = troubleOf(database.query('select 2'));
  expect((await before).rows).toEqual([{ one: 1 }]);
  expect((await after).message).toContain('has been closed');
  await closing;
  expect(await database.closed).toBeUndefined();
  await database.close();
});

test('closing waits for a transaction that is open', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const database = await open(dataDir);
  const begun = Promise.withResolvers<void>();
  const work = database.transaction(async (tx) => {
    await tx.query('create table late as select 1 as one');
    begun.resolve();
    await tx.query('select 1');
  });
  await begun.promise;
  await Promise.all([work, database.close()]);
  const again = await open(dataDir);
  expect((await again.query('select * from late')).rowCount).toBe(1);
  await again.close();
});

test('a folder is open in one place only', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const database = await open(dataDir);
  expect((await troubleOf(open(dataDir))).message).toContain('in use by another program');
  await database.close();
  await (await open(dataDir)).close();
});

test('a database that stops dead rejects what is in flight and what comes later, and says why', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const database = await open(dataDir);
  await database.query('create table t (n int)');
  rmSync(join(dataDir, 'pg_wal'), { recursive: true });
  await database.query('select pg_switch_wal()');
  const inFlight = troubleOf(database.commit([{ sql: 'insert into t values (1)' }]));
  const behind = troubleOf(database.query('select 1'));
  expect((await inFlight).kind).toBe('storage');
  expect((await behind).kind).toBe('storage');
  expect((await troubleOf(database.query('select 1'))).message).toMatch(/could not open file|pg_wal/);
  expect(await database.closed).toBeInstanceOf(Error);
  await database.close();
});

const smallDisk = mountSmallDisk();
afterAll(() => smallDisk?.unmount());

test.skipIf(!smallDisk)(
  'a full disk refuses writes, loses nothing that was acknowledged, and goes on once there is room',
  async () => {
    if (!smallDisk) return;
    const dataDir = join(smallDisk.path, 'database');
    const database = await open(dataDir);
    await database.query('create table t (n int, filler text)');
    let acknowledged = 0;
    const fill = async (): Promise<never> => {
      for (; ; acknowledged++) {
        const filler = randomBytes(40_000).toString('base64');
        await database.commit([{ sql: 'insert into t values ($1, $2)', params: [acknowledged, filler] }]);
      }
    };
    const trouble = await troubleOf(fill());
    expect(trouble.message).toContain('has no disk space left');
    expect(trouble.hint).toContain('Free some space');
    const { rows } = await database.query<{ kept: number }>('select count(*) as kept from t');
    expect(rows[0]?.kept).toBe(acknowledged);
    smallDisk.grow();
    await database.commit([{ sql: 'insert into t values ($1)', params: [acknowledged] }]);
    await database.close();
  },
);

test('a data directory left half-made is made anew', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  mkdirSync(join(`${dataDir}.new`, 'base'), { recursive: true });
  writeFileSync(join(`${dataDir}.new`, 'PG_VERSION'), '18\n');
  const database = await open(dataDir);
  expect((await database.query('select 1')).rowCount).toBe(1);
  await database.close();
});

test('a folder with other things in it is refused and left alone', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'thesis.txt'), 'precious');
  const trouble = await troubleOf(open(dataDir));
  expect(trouble.kind).toBe('storage');
  expect(trouble.message).toContain('other files but no database');
});

test('a database of another PostgreSQL version is refused with what to do', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  await (await open(dataDir)).close();
  writeFileSync(join(dataDir, 'PG_VERSION'), '14\n');
  const trouble = await troubleOf(open(dataDir));
  expect(trouble.message).toContain('made by another PostgreSQL version');
  expect(trouble.hint).toContain('export');
});

test('a damaged database is refused with the words of PostgreSQL', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  await (await open(dataDir)).close();
  writeFileSync(join(dataDir, 'global', 'pg_control'), 'nonsense');
  const trouble = await troubleOf(open(dataDir));
  expect(trouble).toMatchObject({ kind: 'storage', hint: expect.any(String) });
  expect(trouble.message).toContain('pg_control');
});
