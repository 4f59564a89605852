import { mkdir } from 'node:fs/promises';
import { fromPromise } from 'xstate';
import type { JobEvent } from '../../machines/job.ts';
import type { Outcome } from '../../src/runtime/durable/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import { isQuiet, readJob } from '../../src/work/index.ts';
import { withoutSecrets } from '../secrecy.ts';
import { failedEnd } from './runner.ts';
import type { JobRecord, JobScope } from './scope.ts';

export interface JobEffectInput {
  readonly scope: JobScope;
  readonly effectId: string;
}

type JobOutcome = Outcome<JobEvent, JobRecord, Statement>;

/** Does the work of a job. Stopping it aborts the work, without a reason. */
export const jobWork = fromPromise<JobOutcome, JobEffectInput>(async ({ input, signal }) => {
  const { scope, effectId } = input;
  const { runner, job } = scope;
  if (!runner) return { event: { type: 'work.ended', end: failedEnd(NO_RUNNER) } };
  const running = scope.running();
  if (job.work.kind === 'task') await mkdir(running.folder, { recursive: true });
  const either = AbortSignal.any([scope.stopping, signal]);
  const { writes = [], ...end } = await runner.run(running, effectId, either);
  const told = { ...end, text: withoutSecrets(scope.env, end.text) };
  return { event: { type: 'work.ended', end: told, ...(await quietNow(scope, job.awaited)) }, writes };
});

const NO_RUNNER = 'There is nothing here that can do such work.';

/** Starts what hangs again. */
export const jobRepair = fromPromise<JobOutcome, JobEffectInput>(async ({ input: { scope }, system }) => {
  await scope.runner?.repair?.(scope.running(), system);
  return { event: { type: 'work.repaired' } };
});

/** Whoever waited for it may have stopped waiting meanwhile. */
async function quietNow({ env, job }: JobScope, awaited: boolean): Promise<{ readonly quiet?: boolean }> {
  if (!awaited) return {};
  const now = await readJob(env.database, job.id);
  return now ? { quiet: isQuiet(now) } : {};
}
