import type { Environment } from '../actors/environment.ts';
import { job } from '../actors/jobs/job.ts';
import { SCHEDULER_SWEEP_MS, scheduler } from '../actors/jobs/scheduler.ts';
import { JOBS, SCHEDULER } from '../actors/names.ts';
import { supervisor } from '../src/runtime/index.ts';
import { orchestrator } from './orchestrator.ts';

/**
 * Work that goes on by itself: the jobs that are worked on, and the scheduler that begins them. Each comes back alone;
 * their rows are the truth. Conversations do not lean on it, so that a user never waits behind a job.
 */
export const work = (env: Environment) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'jobs', name: JOBS, logic: jobs() },
      {
        id: 'scheduler',
        name: SCHEDULER,
        logic: scheduler,
        input: { env },
        mailbox: { capacity: 10_000, keep: true },
        progress: { within: SCHEDULER_SWEEP_MS + env.settings.hungAfterMs, by: 'signal' },
      },
      ...(env.containerJobs
        ? [
            {
              id: 'orchestrator',
              logic: orchestrator({ env, jobs: env.containerJobs }, env.settings.orchestratorPort),
            },
          ]
        : []),
    ],
  });

/**
 * One actor for each job that is worked on. The budget is shared by all of them and wide: one that crashes again and
 * again is given up by its own count of attempts.
 */
const jobs = () =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 100,
    period: 10,
    children: [{ id: 'job', logic: job, restart: 'transient' }],
  });
