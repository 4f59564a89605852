import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMigrations } from '../migrations.ts';
import { openDatabase } from '../open-database.ts';
import { MIGRATIONS } from '../testing/migrations-folder.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { packFolder, unpackFolder } from './archive.ts';
import { buildTemplate } from './build-template.ts';
import { templateName } from './template.ts';

test('a folder unpacks as it was packed, empty folders and files included, for its owner only', () => {
  const [source, target, archive] = [temporaryFolder(), temporaryFolder(), join(temporaryFolder(), 'packed')];
  mkdirSync(join(source, 'a', 'empty'), { recursive: true });
  writeFileSync(join(source, 'a', 'bytes'), Uint8Array.of(0, 1, 255));
  writeFileSync(join(source, 'none'), '');
  writeFileSync(archive, packFolder(source));
  unpackFolder(archive, target);
  expect(readdirSync(target, { recursive: true }).sort()).toEqual(['a', 'a/bytes', 'a/empty', 'none']);
  expect([...readFileSync(join(target, 'a', 'bytes'))]).toEqual([0, 1, 255]);
  expect(statSync(join(target, 'none')).mode & 0o077).toBe(0);
});

test('a database from a template has the schema of one made from nothing, and the template stays as it is', async () => {
  const templates = temporaryFolder();
  writeFileSync(join(templates, 'database-0000000000000000.zst'), 'of an older version');
  const template = await buildTemplate(templates, MIGRATIONS);
  expect(readdirSync(templates)).toEqual([templateName(readMigrations(MIGRATIONS))]);
  const before = readFileSync(template);
  expect(await schemaFrom(templates)).toEqual(await schemaFrom(undefined));
  expect(readFileSync(template).equals(before)).toBe(true);
  expect(await buildTemplate(templates, MIGRATIONS)).toBe(template);
});

/** Everything the migrations made: columns, indexes, constraints, and which steps were applied. */
async function schemaFrom(templateDir: string | undefined): Promise<unknown> {
  const dataDir = join(temporaryFolder(), 'database');
  const database = await openDatabase({ dataDir, migrationsDir: MIGRATIONS, templateDir });
  const parts = [
    `select table_name, column_name, data_type, column_default, is_nullable, ordinal_position
       from information_schema.columns where table_schema = 'public' order by 1, 2`,
    "select indexdef from pg_indexes where schemaname = 'public' order by 1",
    "select conname, pg_get_constraintdef(oid) as rule from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
    'select version, name, checksum from schema_migration order by 1',
    "select name, setting from pg_settings where source not in ('default', 'override') order by 1",
  ];
  const schema = await Promise.all(parts.map(async (sql) => (await database.query(sql)).rows));
  await database.close();
  expect(existsSync(`${dataDir}.new`)).toBe(false);
  return schema;
}
