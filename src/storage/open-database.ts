import { join } from 'node:path';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import type { Database } from './database.ts';
import type { OpenDatabase } from './database-session.ts';
import { type Migration, migrate, readMigrations } from './migrations.ts';
import { findTemplate } from './template/template.ts';

export interface DatabaseOptions {
  /** A PostgreSQL server, `postgres://user:password@host/database`. Without it the embedded database is used. */
  readonly url?: string;
  /** Folder of the embedded database; made where there is none. */
  readonly dataDir: string;
  readonly migrationsDir: string;
  /** Where templates for a new embedded database are; undefined: make it from nothing. Default: the shipped ones. */
  readonly templateDir?: string | undefined;
  /** Told what the server remarks, for the log. */
  readonly onNotice?: (notice: string) => void;
}

const SHIPPED_TEMPLATES = join(PACKAGE_ROOT, '.cache');

/**
 * Opens the database and brings its schema up to date. Throws an `IronbarkError`: `storage` where it cannot be
 * reached, read or written, `newer-database` where a newer program has been at it.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const migrations = readMigrations(options.migrationsDir);
  const database = await open(options, migrations);
  try {
    await migrate(database, migrations);
    return database;
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

/** Neither driver is loaded where the other is used: together they cost 20 MB and 0.2 s. */
async function open(options: DatabaseOptions, migrations: readonly Migration[]): Promise<OpenDatabase> {
  const { url, dataDir, onNotice = () => {} } = options;
  if (url !== undefined) {
    const { openPostgres } = await import('./postgres/postgres-database.ts');
    return openPostgres({ url, onNotice });
  }
  const { openPglite } = await import('./pglite/pglite-database.ts');
  const templateDir = 'templateDir' in options ? options.templateDir : SHIPPED_TEMPLATES;
  const template = templateDir === undefined ? undefined : findTemplate(templateDir, migrations);
  return openPglite({ dataDir, template, onNotice });
}
