import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OpenDatabase } from './database-session.ts';
import { migrate, readMigrations } from './migrations.ts';
import { openPglite } from './pglite/pglite-database.ts';
import { SqlError } from './sql-error.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { troubleOf } from './testing/trouble.ts';

const folder = mkdtempSync(join(tmpdir(), 'ironbark-migrations-'));
let database: OpenDatabase;

beforeAll(async () => {
  database = await openPglite({
    dataDir: join(folder, 'database'),
    template: undefined,
    onNotice: () => {},
  });
});
beforeEach(async () => {
  await database.transaction((tx) => tx.script('drop schema public cascade; create schema public'));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** A folder of migrations, and the program's start with it. */
function program() {
  const migrations = temporaryFolder();
  return {
    write: (file: string, sql: string) => writeFileSync(join(migrations, file), sql),
    start: () => migrate(database, readMigrations(migrations)),
  };
}

const rowsOf = async (sql: string) => (await database.query(sql)).rows;

test('migrations run in the order of their numbers, once, and those that come later are added', async () => {
  const { write, start } = program();
  write('0010_second.sql', 'alter table t add column b int; create index on t (b);');
  write('0002_first.sql', 'create table t (a int);');
  write('notes.txt', 'nothing to run');
  await start();
  write('0011_third.sql', 'insert into t values (1, 2);');
  await start();
  await start();
  expect(await rowsOf('select * from t')).toEqual([{ a: 1, b: 2 }]);
  expect(await rowsOf('select version, name from schema_migration order by version')).toEqual([
    { version: 2, name: 'first' },
    { version: 10, name: 'second' },
    { version: 11, name: 'third' },
  ]);
});

test('a migration that fails leaves nothing behind and can be tried again', async () => {
  const { write, start } = program();
  write('1_broken.sql', 'create table t (a int); insert into nowhere values (1);');
  await expect(start()).rejects.toThrow(SqlError);
  write('1_broken.sql', 'create table t (a int);');
  await start();
  expect(await rowsOf('select * from t')).toEqual([]);
});

test('a database with a step that the program does not know is refused as newer', async () => {
  const { write, start } = program();
  write('1_first.sql', 'create table t (a int);');
  await start();
  await database.query("insert into schema_migration values (7, 'future', 'x')");
  const trouble = await troubleOf(start());
  expect(trouble.kind).toBe('newer-database');
  expect(trouble.message).toContain('step 7 (future)');
});

test('a step that was changed after it was applied is refused; other line ends are no change', async () => {
  const { write, start } = program();
  write('1_first.sql', 'create table t (a int);\n');
  await start();
  write('1_first.sql', 'create table t (a int);\r\n');
  await start();
  write('1_first.sql', 'create table t (a bigint);\n');
  const trouble = await troubleOf(start());
  expect(trouble.kind).toBe('storage');
  expect(trouble.message).toContain('Step 1 (first)');
});

test('two migrations with one number are a mistake', () => {
  const { write, start } = program();
  write('1_one.sql', 'select 1');
  write('01_other.sql', 'select 1');
  expect(start).toThrow('two migrations have the number 1');
});
