import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../limits/index.ts';
import { componentizerFolder, transpilerFolder } from './process-rights.ts';

/**
 * Stands for everything that determines what a source and a component become: the program that translates and limits,
 * the interfaces, the prelude, the versions of the transpiler and the converter, the limits. Twelve hexadecimal digits; a change makes every cached artefact
 * stale. The program is read rather than numbered, so that no change of it can be forgotten.
 */
export function builderVersion(limits: Limits): string {
  const hash = createHash('sha256');
  const sandbox = join(dirname(fileURLToPath(import.meta.url)), '..');
  const files = globSync(['build/*.{ts,js}', 'limits/*.{ts,js}', 'wit/*.wit', 'javascript/*.js'], {
    cwd: sandbox,
  });
  for (const file of files.filter((name) => !name.includes('.test.')).sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(sandbox, file)));
  }
  for (const folder of [transpilerFolder(), componentizerFolder()])
    hash.update(readFileSync(join(folder, 'package.json')));
  hash.update(JSON.stringify([limits.memoryPages, limits.tableElements]));
  return hash.digest('hex').slice(0, 12);
}
