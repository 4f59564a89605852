import { rm } from 'node:fs/promises';
import { fromCallback } from 'xstate';
import type { FoundContainer } from '../../src/containers/index.ts';
import { hasEnded } from '../../src/core/work.ts';
import { reportProgress, whereis } from '../../src/runtime/index.ts';
import { readJob } from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';
import type { ContainerJobs } from './container-jobs.ts';
import { foldersOf } from './container-plan.ts';

export interface ReaperInput {
  readonly env: Environment;
  readonly jobs: ContainerJobs;
}

const REAP_MS = 300_000;
/** How often it shows that it is alive. */
const BEAT_MS = 10_000;
export const REAPER_SILENT_MS = 3 * BEAT_MS;
/** What starts has other things to do. */
const FIRST_REAP_MS = 15_000;
/** One that is younger may be just being made, and its job not be known yet. */
const YOUNGEST_MS = 600_000;

/**
 * Lets jobs in containers know their tree, and removes containers of jobs that have ended or are not known, which a
 * crash left behind. Where there was never a job in a container, it costs one query each time and loads nothing.
 */
export const reaper = fromCallback<{ type: 'look' }, ReaperInput>(({ input, self, system }) => {
  const { log } = input.env;
  input.jobs.connect({ whereis: (name) => whereis(system, name) });
  const look = async (): Promise<void> => {
    try {
      const removed = await reap(input);
      if (removed > 0) log.info({ removed }, 'containers that were left behind are removed');
    } catch (error) {
      log.debug({ err: error }, 'containers were not looked through');
    }
    timer = setTimeout(() => void look(), REAP_MS);
  };
  let timer = setTimeout(() => void look(), FIRST_REAP_MS);
  const beat = setInterval(() => reportProgress(self), BEAT_MS);
  return () => {
    clearTimeout(timer);
    clearInterval(beat);
  };
});

/** @returns how many were removed */
export async function reap(input: ReaperInput): Promise<number> {
  const { env, jobs } = input;
  const { rows } = await env.database.query('select 1 from job_container limit 1');
  if (rows.length === 0) return 0;
  const { containers, folder } = jobs.parts();
  let removed = 0;
  for (const found of await containers.mine()) {
    if (!(await isLeft(input, found))) continue;
    await (await containers.adopt(found.id))?.remove();
    const { shelter, stateFolder } = foldersOf(folder, found.purpose.id);
    await rm(shelter, { recursive: true, force: true });
    await rm(stateFolder, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

async function isLeft({ env, jobs }: ReaperInput, { purpose, createdAt }: FoundContainer): Promise<boolean> {
  if (purpose.kind === 'shell' || jobs.isServed(purpose.id)) return false;
  const job = await readJob(env.database, purpose.id);
  if (job) return hasEnded(job.state);
  return env.clock.now() - Date.parse(createdAt) > YOUNGEST_MS;
}
