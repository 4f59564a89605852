import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncFolder } from './durable-files.ts';
import { syncTree } from './sync-tree.ts';

/**
 * Makes sure that the data directory holds a database. A new one is filled aside by `fill` and takes its name
 * only when it is whole and on disk, so that one left half-made by a crash is never taken for a good one.
 */
export async function ensureDataDirectory(
  dataDir: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  assertFree(dataDir);
  const aside = `${dataDir}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  await fill(aside);
  syncTree(aside);
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(aside, dataDir);
  syncFolder(dirname(dataDir));
}

function assertFree(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return;
  throw new Error('the folder holds other files but no database');
}
