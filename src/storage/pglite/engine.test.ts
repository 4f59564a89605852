import { fsyncSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { Connection } from './connection.ts';
import { type Engine, openEngine } from './engine.ts';
import { commitGroup } from './group-commit.ts';
import type { CommitJob } from './messages.ts';
import { createUpkeep } from './upkeep.ts';

async function openIn(folder: string, fsync = fsyncSync): Promise<Engine> {
  return openEngine({
    dataDir: folder,
    fsync,
    onPanic: (reason) => {
      throw reason;
    },
    onNotification: () => {},
    onNotice: () => {},
  });
}

const run = (connection: Connection, sql: string) => connection.run({ sql, params: [] });

function units(count: number): readonly CommitJob[] {
  return Array.from({ length: count }, (_, id) => ({
    type: 'commit',
    id,
    unit: [{ sql: 'insert into rows (filler) values ($1)', params: ['x'] }],
  }));
}

async function number(connection: Connection, sql: string): Promise<number> {
  const { rows } = await run(connection, sql);
  return Number(rows[0]?.[0]);
}

/** Text that takes as much room in the log as it has letters. */
const INCOMPRESSIBLE = `
  create function random_text(n int) returns text language sql as $$
    select string_agg(md5(random()::text || n || part), '') from generate_series(1, 60) as part
  $$`;

test('each commit is flushed to disk once, and a group of commits once for all', async () => {
  let flushes = 0;
  const engine = await openIn(temporaryFolder(), (fd) => {
    flushes++;
    fsyncSync(fd);
  });
  const { connection } = engine;
  await run(connection, 'create table rows (filler text)');
  const flushesOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = flushes;
    await work();
    return flushes - before;
  };
  expect(await flushesOf(() => commitGroup(connection, units(1)))).toBe(1);
  expect(await flushesOf(() => commitGroup(connection, units(50)))).toBe(1);
  expect(await flushesOf(() => run(connection, 'select 1'))).toBe(0);
  await engine.close();
});

test('the log is cut off and dead rows are cleared when time has passed', async () => {
  const engine = await openIn(temporaryFolder());
  const { connection } = engine;
  let now = 0;
  const upkeep = createUpkeep(connection, { now: () => now });
  await run(connection, 'create table rows (id int, filler text)');
  await run(connection, INCOMPRESSIBLE);
  await run(connection, 'insert into rows select n, random_text(n) from generate_series(1, 8000) as n');
  await run(connection, 'update rows set id = -id');
  const logged = 'select pg_current_wal_lsn() - redo_lsn from pg_control_checkpoint()';
  const dead = "select n_dead_tup from pg_stat_user_tables where relname = 'rows'";
  const before = await number(connection, logged);
  await upkeep.afterWork(true);
  expect(await number(connection, logged)).toBeGreaterThanOrEqual(before);
  now += 61_000;
  await upkeep.afterWork(true);
  await run(connection, 'select pg_stat_force_next_flush()');
  expect(before).toBeGreaterThan(24 * 1024 * 1024);
  expect(await number(connection, logged)).toBeLessThan(before);
  expect(await number(connection, dead)).toBe(0);
  await engine.close();
});
