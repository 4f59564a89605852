import type { ConsolidatorDesk } from '../machines/consolidator.ts';
import type { Environment } from './environment.ts';
import type { Tidying } from './tidying.ts';

/** From the start to the first look, in milliseconds: what starts has other things to do. */
export const FIRST_LOOK_MS = 120_000;

/** What the consolidator does. Nothing of it is loaded before the first look. */
export function consolidatorDesk(env: Environment): ConsolidatorDesk {
  let opened: Promise<Tidying> | undefined;
  const tidying = (): Promise<Tidying> => {
    opened ??= import('./tidying.ts').then(({ createTidying }) => createTidying(env));
    return opened;
  };
  return {
    look: async () => (await tidying()).look(),
    tidy: async (phase, signal) => (await tidying()).tidy(phase, signal),
    end: async () => (await tidying()).end(),
  };
}
