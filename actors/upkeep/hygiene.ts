import { fromCallback } from 'xstate';
import { reportProgress } from '../../src/runtime/index.ts';
import type { Environment } from '../environment.ts';

export interface HygieneInput {
  readonly env: Environment;
}

/** From the start to the first look, in milliseconds. */
const FIRST_LOOK_MS = 600_000;
/** From one look to the next. */
const LOOK_MS = 1_800_000;
/** How often it shows that it is alive. */
const BEAT_MS = 10_000;
export const HYGIENE_SILENT_MS = 3 * BEAT_MS;

/** Removes what is old, twelve hours after the last time at the earliest, and when nobody talks. See `clean.ts`. */
export const hygiene = fromCallback<{ type: 'look' }, HygieneInput>(({ input: { env }, self }) => {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    try {
      const { cleanWhereDue } = await import('./clean.ts');
      await cleanWhereDue(env, stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) env.log.warn({ err: error }, 'what is old could not be removed');
    }
    if (!stopping.signal.aborted) timer = setTimeout(look, LOOK_MS);
  }

  const beat = setInterval(() => reportProgress(self), BEAT_MS);
  timer = setTimeout(look, FIRST_LOOK_MS);
  return () => {
    stopping.abort();
    clearTimeout(timer);
    clearInterval(beat);
  };
});
