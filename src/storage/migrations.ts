import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IronbarkError } from '../core/errors.ts';
import type { Queryable } from './database.ts';
import type { OpenDatabase } from './database-session.ts';

/** One step of the schema: a file `0001_name.sql`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text with Unix line ends, so that a checkout on Windows has the same. */
  readonly checksum: string;
}

/** The migrations in a folder, in order. Other files are left alone. */
export function readMigrations(folder: string): readonly Migration[] {
  const migrations = readdirSync(folder)
    .flatMap((file) => readMigration(folder, file))
    .sort((a, b) => a.version - b.version);
  for (const [place, { version }] of migrations.entries()) {
    if (migrations[place - 1]?.version === version)
      throw new Error(`two migrations have the number ${version}`);
  }
  return migrations;
}

function readMigration(folder: string, file: string): readonly Migration[] {
  const [, number, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
  if (number === undefined || name === undefined) return [];
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  return [{ version: Number(number), name, sql, checksum: createHash('sha256').update(sql).digest('hex') }];
}

/**
 * Brings the schema up to date, each step in a transaction of its own. Several programs may start at once: they
 * wait for each other. Throws `newer-database`, or `storage` where the schema has another history.
 */
export async function migrate(database: OpenDatabase, migrations: readonly Migration[]): Promise<void> {
  const applied = await readApplied(database);
  assertKnown(applied, migrations, database.location);
  for (const migration of migrations) {
    if (!applied.has(migration.version)) await apply(database, migration);
  }
}

async function hasTable(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>(TABLE_EXISTS);
  return rows[0]?.there === true;
}

interface Applied extends Record<string, unknown> {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

async function readApplied(database: OpenDatabase): Promise<ReadonlyMap<number, Applied>> {
  if (!(await hasTable(database))) return new Map();
  const applied = await database.query<Applied>('select version, name, checksum from schema_migration');
  return new Map(applied.rows.map((row) => [row.version, row]));
}

function assertKnown(
  applied: ReadonlyMap<number, Applied>,
  migrations: readonly Migration[],
  location: string,
): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const { version, name, checksum } of applied.values()) {
    const migration = known.get(version);
    if (!migration) throw newerDatabase(location, version, name);
    if (migration.checksum !== checksum) throw changedMigration(location, version, name);
  }
}

function newerDatabase(location: string, version: number, name: string): IronbarkError {
  return new IronbarkError(
    'newer-database',
    `The database at ${location} was written by a newer program: it has step ${version} (${name}), unknown here.`,
    'Install the newer version again, or restore a backup made with this one.',
  );
}

function changedMigration(location: string, version: number, name: string): IronbarkError {
  return new IronbarkError(
    'storage',
    `Step ${version} (${name}) of the schema has changed since it was applied to the database at ${location}.`,
    'Install the version that made this database, or reinstall this one: its migrations may be damaged.',
  );
}

async function apply(database: OpenDatabase, migration: Migration): Promise<void> {
  await database.transaction(async (tx) => {
    // On PostgreSQL other programs may be starting too; the lock ends with the transaction.
    await tx.query('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
    if (!(await hasTable(tx))) await tx.query(CREATE_TABLE);
    if (await isApplied(tx, migration)) return;
    await tx.script(migration.sql);
    const { version, name, checksum } = migration;
    await tx.query(INSERT, [version, name, checksum]);
  });
}

async function isApplied(tx: Queryable, { version }: Migration): Promise<boolean> {
  const { rowCount } = await tx.query('select from schema_migration where version = $1', [version]);
  return rowCount > 0;
}

/** Any number will do that no other program on the same server takes: the letters "ironbark" of a keypad. */
const MIGRATION_LOCK = 47_662_275;

/** Not `to_regclass`: while waiting for the lock it may go on remembering that there was no such table. */
const TABLE_EXISTS = `
  select exists (
    select from pg_class where relname = 'schema_migration' and pg_table_is_visible(oid)
  ) as there`;

const CREATE_TABLE = `
  create table schema_migration (
    version    integer primary key,
    name       text not null,
    checksum   text not null,
    applied_at timestamptz not null default now()
  )`;

const INSERT = 'insert into schema_migration (version, name, checksum) values ($1, $2, $3)';
