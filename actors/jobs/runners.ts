import type { Environment } from '../environment.ts';
import { createBackgroundRunner } from './background.ts';
import { createLocalRunner } from './local.ts';
import type { JobRunner, JobRunners, RunnerName } from './runner.ts';
import { createToolRunner } from './tool.ts';

/**
 * What carries out the work of jobs.
 *
 * @param more for modes that need more than this process
 */
export function createJobRunners(
  env: () => Environment,
  more: Iterable<readonly [RunnerName, JobRunner]> = [],
): JobRunners {
  return new Map<RunnerName, JobRunner>([
    ['local', createLocalRunner(env)],
    ['tool', createToolRunner(env)],
    ['background', createBackgroundRunner(env)],
    ...more,
  ]);
}
