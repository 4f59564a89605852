import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a process (`--import`) to learn how long its event loop was held. On SIGUSR2 the longest since the last
 * one is written to a file named by the process in the folder `STALLS`, and measured anew: by the clock, and in
 * processor time of the thread, which others that want the same processor do not lengthen.
 */
const folder = process.env.STALLS;
/** Milliseconds between two looks; what is longer than that is a hold. */
const LOOK_MS = 2;

interface Moment {
  readonly clock: number;
  readonly processor: number;
}

const now = (): Moment => {
  const { user, system } = process.threadCpuUsage();
  return { clock: performance.now(), processor: (user + system) / 1_000 };
};

if (isMainThread && folder !== undefined) {
  let before = now();
  let longest = { clock: 0, processor: 0 };
  setInterval(() => {
    const after = now();
    longest = {
      clock: Math.max(longest.clock, after.clock - before.clock - LOOK_MS),
      processor: Math.max(longest.processor, after.processor - before.processor),
    };
    before = after;
  }, LOOK_MS).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(join(folder, String(process.pid)), JSON.stringify(longest));
    longest = { clock: 0, processor: 0 };
  });
}
