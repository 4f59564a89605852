import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../../src/storage/index.ts';
import { type Job, jobMoved, newJob } from '../../../src/work/index.ts';
import type { RunningJob } from '../../jobs/runner.ts';

const PLAIN: Omit<Job, 'id'> = {
  userId: 'owner',
  parentId: null,
  depth: 0,
  title: 'a job',
  description: 'Do it.',
  work: { kind: 'task', mode: 'worker' },
  priority: 'job',
  projectDir: 'jobs/a',
  limits: { iterations: 20, tokens: null, budgetMicroUsd: null, minutes: null },
  tools: null,
  credentials: {},
  by: { kind: 'user', conversationId: null },
  origins: [],
  mayAsk: false,
  awaited: false,
  state: 'pending',
  orderId: null,
  attempts: 0,
  result: null,
  resultOrigins: [],
  tokens: 0,
  costMicroUsd: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  ahead: null,
};

/** A job that is being worked on, with its folder below `root`. */
export async function addJob(
  database: Database,
  root: string,
  order: Partial<Job> & Pick<Job, 'id'>,
): Promise<RunningJob> {
  const job = { ...PLAIN, ...order };
  const folder = join(root, 'work', job.id);
  mkdirSync(folder, { recursive: true });
  await database.commit([
    newJob(job, `external-${job.id}`),
    jobMoved(job.id, { to: 'inProgress', attempts: 0, orderId: job.orderId, at: job.createdAt }),
  ]);
  return { ...job, state: 'inProgress', folder };
}
