import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '../migrations.ts';
import { openDatabase } from '../open-database.ts';
import { packFolder } from './archive.ts';
import { findTemplate, templateName } from './template.ts';

/** Makes the template for these migrations, unless it is there already, and removes all others. Returns its path. */
export async function buildTemplate(folder: string, migrationsDir: string): Promise<string> {
  const migrations = readMigrations(migrationsDir);
  const path =
    findTemplate(folder, migrations) ?? (await build(join(folder, templateName(migrations)), migrationsDir));
  for (const name of readdirSync(folder)) {
    if (/^database-.*\.zst/.test(name) && join(folder, name) !== path) rmSync(join(folder, name));
  }
  return path;
}

async function build(path: string, migrationsDir: string): Promise<string> {
  const workshop = mkdtempSync(join(tmpdir(), 'ironbark-template-'));
  try {
    const dataDir = join(workshop, 'database');
    const database = await openDatabase({ dataDir, migrationsDir, templateDir: undefined });
    await database.close();
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.new`, packFolder(dataDir));
    renameSync(`${path}.new`, path);
    return path;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}
