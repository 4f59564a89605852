import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk in memory with room for little more than an empty database. */
export interface SmallDisk {
  readonly path: string;
  /** Gives it room, as if someone had cleared up. */
  grow(): void;
  unmount(): void;
}

/** Undefined where mounting is not allowed, which needs root on Linux. */
export function mountSmallDisk(): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'ironbark-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  return {
    path,
    grow: () => void execFileSync('mount', ['-o', 'remount,size=200m', path]),
    unmount() {
      execFileSync('umount', [path]);
      rmdirSync(path);
    },
  };
}
