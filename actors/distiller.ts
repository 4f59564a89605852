import { fromCallback } from 'xstate';
import { reportProgress } from '../src/runtime/index.ts';
import type { Environment } from './environment.ts';

export interface DistillerInput {
  readonly env: Environment;
}

/**
 * Makes memory of conversations that have ended, one after another: looks now and then which ones have, and distils
 * what waits. All that it knows is in the database, so that it goes on wherever it was stopped.
 *
 * Cost: a look is two queries over what came to rest since the last one; nothing is written where nothing did.
 */
export const distiller = fromCallback<{ type: 'look' }, DistillerInput>(({ input, self }) => {
  const { env } = input;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    try {
      const { distilEnded } = await import('./distil.ts');
      await distilEnded(env, stopping.signal, () => reportProgress(self));
    } catch (error) {
      if (!stopping.signal.aborted) env.log.warn({ err: error }, 'conversations could not be distilled');
    }
    reportProgress(self);
    if (!stopping.signal.aborted) timer = setTimeout(look, env.settings.episodes?.everyMs ?? LOOK_MS);
  }

  timer = setTimeout(look, env.settings.episodes?.everyMs ?? LOOK_MS);
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
});

/** From one look to the next; the first one is when everything has started. */
export const LOOK_MS = 30_000;
