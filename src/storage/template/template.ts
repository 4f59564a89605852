import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Migration } from '../migrations.ts';
import { CREATE_PARAMETERS } from '../pglite/create-parameters.ts';

/**
 * A template is a migrated, empty database made beforehand, so that a first start need not make one (4 s). It fits
 * only the PGlite, the parameters and the migrations it was made with, which are in its name.
 */
export function templateName(migrations: readonly Migration[]): string {
  const key = createHash('sha256').update([pgliteVersion(), ...CREATE_PARAMETERS].join('\n'));
  for (const { name, checksum } of migrations) key.update(`\n${name} ${checksum}`);
  return `database-${key.digest('hex').slice(0, 16)}.zst`;
}

/** The template in this folder that fits, if there is one. */
export function findTemplate(folder: string, migrations: readonly Migration[]): string | undefined {
  const path = join(folder, templateName(migrations));
  return existsSync(path) ? path : undefined;
}

/** The package does not export its package.json, so it is found next to its entry. */
function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'),
  );
  return version;
}
