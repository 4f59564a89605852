import { readdir, readFile } from 'node:fs/promises';
import { PGlite, types } from '@electric-sql/pglite';
import type { Database, Queryable, Result, Row, Statement, Value } from '../database.ts';

const MIGRATIONS = new URL('../../../migrations/', import.meta.url);

/** A migrated database in memory, for tests of what stands above storage. Creating the first one takes seconds. */
export async function openMemoryDatabase(): Promise<Database> {
  migrated ??= dumpMigrated();
  const pglite = await PGlite.create({ parsers: PARSERS, loadDataDir: await migrated });
  const queryable = (on: Pick<PGlite, 'query'>): Queryable => ({
    async query<R extends Row>(sql: string, params: readonly Value[] = []) {
      const { rows, affectedRows } = await on.query<R>(sql, [...params]);
      return { rows, rowCount: rows.length || (affectedRows ?? 0) };
    },
  });
  return {
    kind: 'pglite',
    inOrder: true,
    location: 'memory',
    closed: new Promise(() => {}),
    ...queryable(pglite),
    commit: (statements: readonly Statement[]) =>
      pglite.transaction(async (tx) => {
        const results: Result[] = [];
        for (const { sql, params } of statements) {
          const result = await queryable(tx).query(sql, params);
          if (results.length === 0 && result.rowCount === 0) return { committed: false, results: [] };
          results.push(result);
        }
        return { committed: true, results };
      }),
    transaction: (work) => pglite.transaction((tx) => work(queryable(tx))),
    listen: (channel, handler) => pglite.listen(channel, handler),
    close: () => pglite.close(),
  };
}

const PARSERS = { [types.INT8]: Number };

let migrated: Promise<Blob> | undefined;

async function dumpMigrated(): Promise<Blob> {
  const pglite = await PGlite.create();
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    await pglite.exec(await readFile(new URL(name, MIGRATIONS), 'utf8'));
  }
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return dump;
}
