import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../limits/index.ts';
import { transpilerFolder } from './process-rights.ts';

/**
 * Stands for everything that determines what a component becomes: the program that translates and limits, the
 * interfaces, the transpiler's version, the limits. Twelve hexadecimal digits; a change makes every cached artefact
 * stale. The program is read rather than numbered, so that no change of it can be forgotten.
 */
export function builderVersion(limits: Limits): string {
  const hash = createHash('sha256');
  const sandbox = join(dirname(fileURLToPath(import.meta.url)), '..');
  const files = globSync(['build/*.{ts,js}', 'limits/*.{ts,js}', 'wit/*.wit'], { cwd: sandbox });
  for (const file of files.filter((name) => !name.includes('.test.')).sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(sandbox, file)));
  }
  const transpiler = join(transpilerFolder(), 'package.json');
  hash.update(readFileSync(transpiler)).update(JSON.stringify([limits.memoryPages, limits.tableElements]));
  return hash.digest('hex').slice(0, 12);
}
