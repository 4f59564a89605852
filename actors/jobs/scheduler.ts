import { type AnyActorRef, fromCallback } from 'xstate';
import { hasEnded } from '../../src/core/work.ts';
import { reportProgress, type System, send, startInstance, whereis } from '../../src/runtime/index.ts';
import { keysWithWork } from '../../src/storage/journal/index.ts';
import {
  forsakenJobs,
  hasOpenJobs,
  isJobKey,
  jobEventOf,
  jobOfKey,
  jobsToBegin,
  stalledJobs,
  tellJob,
} from '../../src/work/index.ts';
import { isJobConversation, jobOfConversation } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import type { WorkFound } from '../keeper.ts';
import { JOBS } from '../names.ts';
import type { JobActorEvent, JobActorInput } from './job.ts';
import { jobName } from './scope.ts';
import { workSettings } from './settings.ts';

export type SchedulerEvent =
  /** Something was ordered, or a slot may be free. */
  { readonly type: 'job.ordered' } | WorkFound;

export interface SchedulerInput {
  readonly env: Environment;
}

/**
 * Sees to it that jobs begin when it is their turn, that those which were begun go on, and that those in which nothing
 * happens are found. It keeps nothing that the rows do not say, so that it may crash at any time.
 *
 * Cost: a query over what waits and what runs whenever a job is ordered, begins or ends; every few seconds one, and two
 * more while there are any.
 */
export const scheduler = fromCallback<SchedulerEvent, SchedulerInput>(({ input, receive, self, system }) => {
  const { env } = input;
  const starting = new Map<string, Begun>();
  /** When the work of a job was last heard of: a long answer is no step before it is done. */
  const heard = new Map<string, number>();
  let isLooking = false;
  let isAsked = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  /** One look at a time; what is asked meanwhile is answered by the next. */
  async function look(): Promise<void> {
    isAsked = true;
    if (isLooking) return;
    isLooking = true;
    while (isAsked && !isStopped) {
      isAsked = false;
      await safely('queue', beginNext);
    }
    isLooking = false;
  }

  async function beginNext(): Promise<void> {
    const users = new Map([...starting].map(([id, { userId }]) => [id, userId]));
    for (const { id, userId } of await jobsToBegin(env.database, workSettings(env), users)) {
      starting.set(id, { userId, at: env.clock.now() });
      const orderId = env.ids.next();
      await tell(system, { env, id, start: { type: 'job.start', orderId, effect: 'idempotent' } });
    }
  }

  async function sweep(): Promise<void> {
    await safely('open jobs', async () => {
      if (await hasOpenJobs(env.database)) await care();
    });
    reportProgress(self);
    if (!isStopped) timer = setTimeout(sweep, SCHEDULER_SWEEP_MS);
  }

  async function care(): Promise<void> {
    const now = env.clock.now();
    for (const [id, { at }] of starting) if (at < now - LONGEST_START_MS) starting.delete(id);
    const { stuckAfterMs } = workSettings(env);
    for (const [id, at] of heard) if (at < now - stuckAfterMs) heard.delete(id);
    for (const id of await stalledJobs(env.database, workSettings(env), now)) {
      if (!heard.has(id)) stall(id);
    }
    await cancelParts();
    await look();
  }

  async function cancelParts(): Promise<void> {
    for (const forsaken of await forsakenJobs(env.database)) await cancelPart(forsaken);
  }

  function stall(id: string): void {
    const minutes = Math.round(workSettings(env).stuckAfterMs / 6_000) / 10;
    const stalled: JobActorEvent = {
      type: 'work.stalled',
      reason: `Nothing happened in it for ${minutes} minutes.`,
    };
    send(system, jobName(id), stalled);
  }

  async function cancelPart({
    id,
    parentId,
  }: {
    readonly id: string;
    readonly parentId: string;
  }): Promise<void> {
    const message = { type: 'job.cancel', reason: 'The job that it was a part of has ended.' } as const;
    const at = new Date(env.clock.now()).toISOString();
    const externalId = `part-of/${parentId}`;
    await env.database.commit([tellJob({ inboxId: env.ids.next(), jobId: id, externalId, message, at })]);
    await tell(system, { env, id });
  }

  async function safely(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      env.log.warn({ err: error }, `${what}: not looked at`);
    }
  }

  async function recover(): Promise<void> {
    await safely('begun jobs', async () => {
      const keys = await keysWithWork(env.database);
      for (const key of keys.filter(isJobKey)) await tell(system, { env, id: jobOfKey(key) });
    });
    await sweep();
  }

  const unwatchWork = env.feed.watchWork((event) => {
    if (event.type !== 'job' || event.job.state === 'pending') return;
    starting.delete(event.job.id);
    if (!hasEnded(event.job.state)) return;
    heard.delete(event.job.id);
    void look();
    if (event.job.state === 'cancelled' || event.job.state === 'failed') void safely('parts', cancelParts);
  });
  const unwatchEntries = env.feed.watchAll((conversationId, event) => {
    if (!isJobConversation(conversationId)) return;
    const jobId = jobOfConversation(conversationId);
    if (event.type === 'delta') heard.set(jobId, env.clock.now());
    if (event.type !== 'entry') return;
    const told = jobEventOf(event.entry);
    if (told) env.feed.publishWork({ type: 'job-event', jobId, event: told });
  });
  receive((event) => {
    if (event.type === 'work.found') void tell(system, { env, id: jobOfKey(event.key) });
    else void look();
  });
  void recover();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    unwatchWork();
    unwatchEntries();
  };
});

/** From one look at what is stuck to the next. */
export const SCHEDULER_SWEEP_MS = 5_000;

/** A job that was told to begin so long ago, and has not, is told again. */
const LONGEST_START_MS = 30_000;

interface Begun {
  readonly userId: string;
  readonly at: number;
}

/** Brings the job's actor to life, or tells the one that lives. What is not told is found by the next sweep. */
async function tell(system: System, input: JobActorInput): Promise<void> {
  const name = jobName(input.id);
  const event: JobActorEvent = input.start ?? { type: 'job.nudged' };
  if (whereis(system, name)) {
    send(system, name, event);
    return;
  }
  const jobs = whereis(system, JOBS);
  if (jobs) await bring(system, jobs, input, event);
}

async function bring(
  system: System,
  jobs: AnyActorRef,
  input: JobActorInput,
  event: JobActorEvent,
): Promise<void> {
  const { env, id } = input;
  const started = await startInstance(jobs, input, { id, name: jobName(id) });
  if (started.ok) return;
  if (started.error.kind === 'already-started') send(system, jobName(id), event);
  else env.log.debug({ job: id, reason: started.error.kind }, 'job not brought to life; tried again later');
}
