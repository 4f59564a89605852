import { coerceError } from '../../src/core/errors.ts';
import type { Environment } from '../environment.ts';
import { failedEnd, type JobEnd, type JobRunner, type RunningJob } from './runner.ts';

/** Something of the assistant's own. It may be run again after a crash, and must not mind. */
export function createBackgroundRunner(env: () => Environment): JobRunner {
  return {
    refusal: async ({ work }) => {
      const handlers = env().background;
      if (work.kind !== 'background' || handlers?.has(work.handler)) return undefined;
      return `There is no background work "${work.handler}". There are: ${[...(handlers?.keys() ?? [])].join(', ') || 'none'}.`;
    },
    run: (job, _effectId, signal) => run(env(), job, signal),
  };
}

async function run(env: Environment, { id, work }: RunningJob, signal: AbortSignal): Promise<JobEnd> {
  const handler = work.kind === 'background' ? env.background?.get(work.handler) : undefined;
  if (work.kind !== 'background' || !handler) return failedEnd('This program does no such work any more.');
  try {
    const text = await handler(work.arguments, signal);
    return { ...failedEnd(text), outcome: 'answered' };
  } catch (thrown) {
    env.log.warn({ job: id, handler: work.handler, err: thrown }, 'background work failed');
    return failedEnd(coerceError(thrown).message);
  }
}
