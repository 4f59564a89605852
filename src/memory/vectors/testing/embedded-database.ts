import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../../storage/index.ts';
import { MIGRATIONS } from '../../../storage/testing/migrations-folder.ts';

/** A migrated embedded database in a folder of its own, for a whole file of tests. */
export async function openEmbeddedDatabase(): Promise<AsyncDisposable & { readonly database: Database }> {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-vectors-'));
  const database = await openDatabase({ dataDir: join(folder, 'database'), migrationsDir: MIGRATIONS });
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
