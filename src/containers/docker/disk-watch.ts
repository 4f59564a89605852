import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

export interface DiskWatchOptions {
  readonly folder: string;
  /** By how much it may grow. */
  readonly mebibytes: number;
  onFull(): void;
}

/** How often the file system is asked for its free space: one system call. */
const LOOK_MS = 500;
/** And how often the folder is measured although that says nothing, should others free space meanwhile. */
const MEASURE_MS = 60_000;

/**
 * Watches how much a folder grows. It is measured (by \`du\`, in a process of its own) only when the file system has
 * become fuller by an eighth of the limit since the last time, and once a minute; so watching costs a system call twice
 * a second. What is written between two looks goes beyond the limit.
 *
 * @returns ends the watch
 */
export function watchDisk({ folder, mebibytes, onFull }: DiskWatchOptions): () => void {
  const limit = mebibytes * MEBIBYTE;
  const state = { atStart: -1, freeWhenMeasured: -1, nextMeasure: 0, isLooking: false };
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const isFuller = state.freeWhenMeasured - free > limit / 8;
    if (!isFuller && Date.now() < state.nextMeasure) return;
    const size = await sizeOf(folder);
    state.freeWhenMeasured = free;
    state.nextMeasure = Date.now() + MEASURE_MS;
    if (state.atStart < 0) state.atStart = size;
    if (size - state.atStart <= limit) return;
    stop();
    onFull();
  };
  const timer = setInterval(() => {
    if (state.isLooking) return;
    state.isLooking = true;
    // A folder that cannot be looked at grows no more, or is gone.
    look()
      .catch(() => undefined)
      .finally(() => {
        state.isLooking = false;
      });
  }, LOOK_MS);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  return stop;
}

/** In bytes, as they lie on the disk. What vanishes while it is measured makes `du` fail after it has answered. */
async function sizeOf(folder: string): Promise<number> {
  const options = { env: { PATH: '/usr/bin:/bin' }, maxBuffer: 64 * MEBIBYTE };
  const { stdout } = await run('du', ['-skx', folder], options).catch((error: unknown) => ({
    stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : '',
  }));
  const kibibytes = Number.parseInt(stdout, 10);
  if (!Number.isFinite(kibibytes)) throw new Error(`${folder} cannot be measured`);
  return kibibytes * KIBIBYTE;
}
