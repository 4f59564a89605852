import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lies in the home folder while an assistant runs, and after one that did not come to a good end. */
const FILE = 'unfinished';

/**
 * Notes that an assistant runs on this home folder. Returns whether the last one was cut off; true as well where that
 * cannot be noted for this one.
 */
export function noteBegin(home: string): boolean {
  const path = join(home, FILE);
  if (existsSync(path)) return true;
  try {
    writeFileSync(path, '', { mode: 0o600 });
    return false;
  } catch {
    return true;
  }
}

/** Notes that it has come to a good end. */
export function noteEnd(home: string): void {
  rmSync(join(home, FILE), { force: true });
}
