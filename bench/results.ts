import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where results go. Ignored by git. */
export const RESULTS = join(import.meta.dirname, 'results');

/** A throw-away folder on the same disk as the program: `/tmp` is often in memory, where fsync costs nothing. */
export function openScratch(): AsyncDisposable & { readonly path: string } {
  mkdirSync(RESULTS, { recursive: true });
  const path = mkdtempSync(join(RESULTS, 'scratch-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
