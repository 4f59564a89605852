import { fromCallback } from 'xstate';
import { reportProgress } from '../../src/runtime/index.ts';
import type { Environment } from '../environment.ts';

export interface NotifierInput {
  readonly env: Environment;
}

/** From one look to the next; what becomes of jobs and runs is looked after at once. */
export const NOTIFIER_LOOK_MS = 5_000;
/** What is committed together is told together. */
const SETTLE_MS = 50;
/** From one look to the next at least, however much is going on. */
const BREATH_MS = 1_000;

/**
 * Tells the user what others have written down for that, in their conversations. All that it knows is in the database;
 * whoever writes a notification needs not wake it.
 *
 * Cost: a look every five seconds at an index that holds what waits and nothing else.
 */
export const notifier = fromCallback<{ type: 'wake' }, NotifierInput>(({ input, self, receive }) => {
  const { env } = input;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let looking = false;
  let again = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let telling: Promise<{ look(): Promise<void> }> | undefined;

  const open = () => {
    telling ??= import('./tell-waiting.ts').then(({ createTelling }) => createTelling(env));
    return telling;
  };
  function plan(afterMs: number): void {
    again ||= looking;
    const now = performance.now();
    const at = Math.max(now + afterMs, lookedAt + BREATH_MS);
    if (stopped || looking || at >= dueAt) return;
    dueAt = at;
    clearTimeout(timer);
    timer = setTimeout(look, at - now);
  }
  async function look(): Promise<void> {
    looking = true;
    again = false;
    try {
      await (await open()).look();
    } catch (error) {
      env.log.warn({ err: error }, 'notifications could not be told; tried again');
    }
    reportProgress(self);
    looking = false;
    lookedAt = performance.now();
    dueAt = Number.POSITIVE_INFINITY;
    plan(again ? SETTLE_MS : NOTIFIER_LOOK_MS);
  }

  const leave = env.feed.watchWork(({ type }) => {
    if (type !== 'job-event' && type !== 'job-usage') plan(SETTLE_MS);
  });
  receive(() => plan(SETTLE_MS));
  plan(NOTIFIER_LOOK_MS);
  return () => {
    stopped = true;
    leave();
    clearTimeout(timer);
  };
});
