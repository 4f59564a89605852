import { mkdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** How long the event loop of a process was held, from outside. */
export interface Stalls {
  /** What the process is started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags: readonly string[];
  /** The longest since the last look. */
  longest(pid: number): Promise<Stall>;
}

/** In milliseconds: by the clock, and of it the processor time of the thread. */
export interface Stall {
  readonly clock: number;
  readonly processor: number;
}

const METER = pathToFileURL(join(import.meta.dirname, 'stall-meter.ts')).href;
const POLL_MS = 20;

export function watchStalls(folder: string): Stalls {
  mkdirSync(folder, { recursive: true });
  return {
    env: { STALLS: folder },
    nodeFlags: ['--import', METER],
    async longest(pid) {
      const file = join(folder, String(pid));
      await rm(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        await wait(POLL_MS);
        const text = await readFile(file, 'utf8').catch(() => '');
        if (text !== '') return JSON.parse(text);
      }
    },
  };
}
