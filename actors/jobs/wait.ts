import { hasEnded } from '../../src/core/work.ts';
import { jobKey, readJobs, tellJob, unawaited, waitingFor } from '../../src/work/index.ts';
import { createBell } from '../bell.ts';
import type { Environment } from '../environment.ts';

/** The live feed tells at once; this is for what it missed. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Waits until these jobs have ended, or the signal is aborted. The results of those that have count as read then; of
 * the end of the others the user will be told.
 */
export async function awaitJobs(
  env: Environment,
  ids: readonly string[],
  signal: AbortSignal,
  waiter: string | undefined,
): Promise<void> {
  const bell = createBell();
  const stop = env.feed.watchWork((event) => {
    if (event.type === 'job' && ids.includes(event.job.id) && hasEnded(event.job.state)) bell.ring();
  });
  signal.addEventListener('abort', bell.ring);
  try {
    if (waiter !== undefined) await giveWay(env, waiter, ids);
    for (;;) {
      const open = await openOnes(env, ids);
      if (open.length === 0) break;
      if (signal.aborted) {
        await env.database.commit([unawaited(open)]);
        break;
      }
      await bell.rung(LOOK_AGAIN_MS);
    }
    await readResults(env, ids);
    if (waiter !== undefined) await giveWay(env, waiter, null);
  } finally {
    stop();
    signal.removeEventListener('abort', bell.ring);
  }
}

/** A job that waits for others holds no slot, so that they can be done. */
async function giveWay(env: Environment, waiter: string, ids: readonly string[] | null): Promise<void> {
  await env.database.commit([waitingFor(waiter, ids, new Date(env.clock.now()).toISOString())]);
  env.hints.workOrdered();
}

async function openOnes({ database }: Environment, ids: readonly string[]): Promise<readonly string[]> {
  const jobs = await readJobs(database, ids);
  return jobs.filter(({ state }) => !hasEnded(state)).map(({ id }) => id);
}

/** Whoever waited has them before it now. */
async function readResults(env: Environment, ids: readonly string[]): Promise<void> {
  const unread = (await readJobs(env.database, ids)).filter(({ state }) => state === 'completed');
  const at = new Date(env.clock.now()).toISOString();
  const message = { type: 'result.read' } as const;
  const [first, ...rest] = unread.map(({ id }) =>
    tellJob({ inboxId: env.ids.next(), jobId: id, externalId: 'read', message, at }),
  );
  if (first) await env.database.commit([first, ...rest]);
  for (const { id } of unread) env.hints.workFound(jobKey(id));
}
