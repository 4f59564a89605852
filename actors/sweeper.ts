import { fromCallback } from 'xstate';
import { reportProgress, send } from '../src/runtime/index.ts';
import { keysWithWork } from '../src/storage/journal/index.ts';
import { stopOrphans } from './agents.ts';
import type { Environment } from './environment.ts';
import { keeperOf, type WorkFound } from './keeper.ts';

export interface SweeperInput {
  readonly env: Environment;
}

/**
 * Looks into the database for durable actors with something to do and has them woken: at the start for what a
 * crash left behind, and now and then for what a lost wake-up missed.
 *
 * Cost: one query over two partial indexes that hold only open work.
 */
export const sweeper = fromCallback<{ type: 'sweep' }, SweeperInput>(({ input, self, system }) => {
  const { env } = input;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function sweep(): Promise<void> {
    try {
      const keys = await keysWithWork(env.database);
      await stopOrphans(env, keys);
      for (const key of keys) {
        const found: WorkFound = { type: 'work.found', key };
        if (!stopped) send(system, keeperOf(key), found);
      }
    } catch (error) {
      env.log.warn({ err: error }, 'sweep failed');
    }
    reportProgress(self);
    if (!stopped) timer = setTimeout(sweep, SWEEP_MS);
  }

  void sweep();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
});

/** From one sweep to the next. */
export const SWEEP_MS = 5_000;
