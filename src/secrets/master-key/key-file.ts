import { existsSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSecretFile } from '../secret-file.ts';
import type { KeyPlace, KeySlot } from './key-place.ts';

const OWNER_ONLY = 0o600;

/** Files of the home folder, which only its owner can read. */
export function keyFilePlace(home: string): KeyPlace {
  const current = join(home, 'master-key');
  const next = `${current}.next`;
  const pathOf = (slot: KeySlot): string => (slot === 'current' ? current : next);
  return {
    source: 'home',
    where: `the file ${current}`,
    async read(slot) {
      const path = pathOf(slot);
      return existsSync(path) ? readSecretFile(path, 'Make it yours alone again.') : undefined;
    },
    write: (slot, text) => writeWhole(pathOf(slot), text),
    async promote() {
      if (!existsSync(next)) return;
      await rename(next, current);
      await settle(current);
    },
    async remove() {
      await rm(current, { force: true });
      await settle(current);
    },
  };
}

/** Whole or not at all, and really on the disk: a key that is lost takes every secret with it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, `${text}\n`, { mode: OWNER_ONLY, flag: 'wx', flush: true });
  await rename(aside, path);
  await settle(path);
}

/** A file's name is on the disk only when its folder is. Windows has no such call. */
async function settle(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path));
  await folder.sync().finally(() => folder.close());
}
