import { isAbsolute, relative, sep } from 'node:path';
import { IronbarkError } from '../../src/core/errors.ts';
import { OWNER } from '../../src/core/user.ts';
import {
  hasEnded,
  type JobAnswer,
  type JobDetail,
  type JobOrder,
  type JobOrigin,
  type JobSummary,
  type WorkDesk,
} from '../../src/core/work.ts';
import type { Queryable } from '../../src/storage/index.ts';
import { tokensUsed } from '../../src/storage/journal/index.ts';
import {
  countAhead,
  countJobs,
  detailOf,
  type Job,
  type JobMessage,
  jobKey,
  jobsBeginning,
  listJobs,
  newJob,
  newJobOf,
  orderOf,
  readJob,
  readJobByOrder,
  readTransitions,
  summaryOf,
  tellJob,
} from '../../src/work/index.ts';
import { jobConversation, sessionKey } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { isUnattended } from '../turn-so-far.ts';
import { readEvents } from './event-pages.ts';
import { listFiles, readJobFile } from './files.ts';
import { runnerNameOf } from './runner.ts';
import { runningJob } from './scope.ts';
import { awaitJobs } from './wait.ts';

/** What people and tools do with work, as far as it needs the running tree. */
export function createWorkDesk(environment: () => Environment): WorkDesk {
  const found = (id: string) => findJob(environment(), id);

  async function detail(job: Job): Promise<JobDetail> {
    const env = environment();
    const [transitions, children, tokensUsed] = await Promise.all([
      readTransitions(env.database, job),
      listJobs(env.database, { filter: 'all', limit: MOST_CHILDREN, parentId: job.id }),
      hasEnded(job.state) || job.state === 'pending' ? job.tokens : tokensSoFar(env, job),
    ]);
    const canPrompt = promptOf(env, job) !== undefined;
    return detailOf(job, { transitions, children: children.map(summaryOf), canPrompt, tokensUsed });
  }

  /** Does something to the job of this id, if there is one. */
  async function withJob(id: string, act: (job: Job) => Promise<JobAnswer>): Promise<JobAnswer> {
    const one = await found(id);
    return one.ok ? act(one.job) : one;
  }

  const desk: WorkDesk = {
    create: (order, externalId) => create(environment(), order, externalId),
    list: async (page) => (await listJobs(environment().database, page)).map(summaryOf),
    counts: () => countJobs(environment().database),
    async get(id) {
      const one = await found(id);
      return one.ok ? detail(await inQueue(environment().database, one.job)) : undefined;
    },
    cancel: (id, reason, externalId) => withJob(id, (job) => cancel(environment(), job, reason, externalId)),
    restart: (id, externalId) => withJob(id, (job) => restart(environment(), job, externalId)),
    prompt: (id, content, done, externalId, by) =>
      withJob(id, async (job) => {
        const env = environment();
        const prompt = promptOf(env, job);
        if (!prompt) return refused(job, cannotBeTold(job));
        const origin = by && (by.origins.join(', ') || 'the assistant, in another conversation');
        await prompt(runningJob(env, job), { content, done, origin, externalId });
        return { ok: true, job: summaryOf(job), message: 'It is told with its next step.' };
      }),
    judge: (id, verdict, reason, externalId) =>
      withJob(id, async (job) => {
        if (job.state !== 'completed' && job.state !== 'submitted')
          return refused(job, `There is no result to judge. ${standing(job)}`);
        const message = { type: 'job.judge', verdict, reason } as const;
        const then = await tell(environment(), job, message, externalId);
        return {
          ok: true,
          job: then,
          message: verdict === 'accept' ? 'Taken.' : 'Sent back: it counts as failed.',
        };
      }),
    async events(id, page) {
      const one = await found(id);
      return one.ok ? readEvents(environment().database, one.job, page) : [];
    },
    async files(id, path) {
      const one = await found(id);
      return one.ok ? listFiles(environment().files, one.job, path) : undefined;
    },
    async readFile(id, path) {
      const one = await found(id);
      return one.ok ? readJobFile(environment().files, one.job, path) : { ok: false, message: one.message };
    },
    async wait(ids, signal, waiter) {
      const env = environment();
      await awaitJobs(env, ids, signal, waiter);
      const jobs = await Promise.all(ids.map((id) => readJob(env.database, id)));
      return Promise.all(jobs.filter((job) => job !== undefined).map(detail));
    },
  };
  return desk;
}

const tokensSoFar = ({ database }: Environment, { id }: Job): Promise<number> =>
  tokensUsed(database, sessionKey(jobConversation(id)));

const MOST_CHILDREN = 100;

type Found = { readonly ok: true; readonly job: Job } | Extract<JobAnswer, { ok: false }>;

async function findJob({ database }: Environment, id: string): Promise<Found> {
  const word = id.trim();
  const [job, other] = word === '' ? [] : await jobsBeginning(database, word);
  if (!job) return { ok: false, kind: 'unknown', message: `There is no job ${word || 'without an id'}.` };
  if (!other) return { ok: true, job };
  return {
    ok: false,
    kind: 'ambiguous',
    message: `Several jobs have ids that begin with ${word}. Give more of it.`,
  };
}

// Orders

async function create(env: Environment, order: JobOrder, externalId: string): Promise<JobSummary> {
  const parent = await parentOf(env, order.by);
  const job = newJobOf(order, {
    id: env.ids.next(),
    userId: OWNER,
    parent,
    mayAsk: await mayAsk(env, order.by, parent),
    at: new Date(env.clock.now()).toISOString(),
  });
  const refusal = await refusalOf(env, order);
  if (refusal !== undefined) return orderedBefore(env, externalId, new IronbarkError('usage', refusal));
  const projectDir = await projectDirOf(env, job.projectDir);
  const { results } = await env.database.commit([newJob({ ...job, projectDir }, externalId)]);
  const row = results[0]?.rows[0];
  if (!row) return orderedBefore(env, externalId, new IronbarkError('internal', NOT_FOUND));
  const made = summaryOf({ ...job, projectDir, ahead: Number(row.ahead) });
  env.feed.publishWork({ type: 'job', job: made });
  env.hints.workOrdered();
  return made;
}

const NOT_FOUND = 'The job was ordered and is not to be found.';

/** Where the order was given before, it counts, whatever stands in its way by now. */
async function orderedBefore(
  { database }: Environment,
  externalId: string,
  otherwise: IronbarkError,
): Promise<JobSummary> {
  const earlier = await readJobByOrder(database, externalId);
  if (!earlier) throw otherwise;
  return summaryOf(await inQueue(database, earlier));
}

/** With its place in the queue, where it waits. */
const inQueue = async (database: Queryable, job: Job): Promise<Job> =>
  job.state === 'pending' ? { ...job, ahead: await countAhead(database, job.id) } : job;

async function parentOf({ database }: Environment, by: JobOrigin): Promise<Job | undefined> {
  if (by.kind !== 'model' || by.jobId === null) return undefined;
  const parent = await readJob(database, by.jobId);
  if (!parent) throw new IronbarkError('usage', `There is no job ${by.jobId} that this could be a part of.`);
  const parts = await listJobs(database, { filter: 'all', limit: MOST_CHILDREN, parentId: parent.id });
  if (parts.length < MOST_CHILDREN) return parent;
  throw new IronbarkError('usage', `This job has ordered ${MOST_CHILDREN} others, which is the most.`);
}

/** Somebody is there to be asked where a person ordered it, or the turn that did can ask itself. */
async function mayAsk(env: Environment, by: JobOrigin, parent: Job | undefined): Promise<boolean> {
  if (parent) return parent.mayAsk;
  if (by.kind !== 'model') return by.kind === 'user';
  const key = sessionKey(by.conversationId);
  const { rows } = await env.database.query<{ payload: Parameters<typeof isUnattended>[0] }>(BEGAN, [
    key,
    by.turnId,
  ]);
  return rows[0] !== undefined && !isUnattended(rows[0].payload);
}

const BEGAN = `
  select payload from journal
   where actor_key = $1::text and type = 'turn.began' and payload ->> 'turnId' = $2::text
   order by seq desc limit 1`;

async function refusalOf(env: Environment, order: JobOrder): Promise<string | undefined> {
  const runner = env.runners.get(runnerNameOf(order.work));
  if (!runner) return `Jobs of this kind (${runnerNameOf(order.work)}) cannot be done here.`;
  return runner.refusal?.(order);
}

/** The folder as it lies below the files folder, links followed. */
async function projectDirOf({ files }: Environment, wanted: string): Promise<string> {
  const [root, place] = await Promise.all([files.resolve(files.root), files.resolve(wanted)]);
  if (!place.ok) throw new IronbarkError('usage', place.error);
  const way = relative(root.ok ? root.value : files.root, place.value);
  const isBelow = way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  if (isBelow) return way || '.';
  throw new IronbarkError('usage', `The folder of a job must lie in ${files.root}; ${wanted} does not.`);
}

async function restart(env: Environment, job: Job, externalId: string): Promise<JobAnswer> {
  if (job.state !== 'failed' && job.state !== 'cancelled') {
    return refused(job, `Only a job that failed or was cancelled can be done again. ${standing(job)}`);
  }
  const again = await create(env, orderOf(job), externalId);
  return { ok: true, job: again, message: `It is done again as job ${again.id}.` };
}

// What a job is told

async function cancel(env: Environment, job: Job, reason: string, externalId: string): Promise<JobAnswer> {
  if (job.state === 'cancelled')
    return { ok: true, job: summaryOf(job), message: `It was already cancelled at ${job.completedAt}.` };
  if (hasEnded(job.state)) return refused(job, `There is nothing left to cancel. ${standing(job)}`);
  const then = await tell(env, job, { type: 'job.cancel', reason }, externalId);
  return {
    ok: true,
    job: then,
    message: then.state === 'cancelled' ? 'Cancelled.' : 'It is being cancelled.',
  };
}

/** On disk when this resolves; in most cases it has been acted on by then as well. */
async function tell(
  env: Environment,
  job: Job,
  message: JobMessage,
  externalId: string,
): Promise<JobSummary> {
  const acted = movedFrom(env, job);
  const at = new Date(env.clock.now()).toISOString();
  await env.database.commit([tellJob({ inboxId: env.ids.next(), jobId: job.id, externalId, message, at })]);
  env.hints.workFound(jobKey(job.id));
  await acted;
  return summaryOf((await readJob(env.database, job.id)) ?? job);
}

/** So long an answer waits for what it is about; it happens all the same if that takes longer. */
const LONGEST_ANSWER_MS = 2_000;

function movedFrom({ feed }: Environment, { id }: Job): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, LONGEST_ANSWER_MS);
    const stop = feed.watchWork((event) => {
      if (event.type === 'job' && event.job.id === id) done();
    });
  });
}

function promptOf(env: Environment, job: Job) {
  const runs = job.state === 'inProgress' || job.state === 'stuck';
  return runs ? env.runners.get(runnerNameOf(job.work))?.prompt : undefined;
}

const cannotBeTold = (job: Job): string =>
  job.state === 'inProgress' || job.state === 'stuck'
    ? 'Work of this kind cannot be talked to.'
    : `Only a job that is worked on can be told something. ${standing(job)}`;

/** How it stands, in a sentence. */
function standing({ state, completedAt }: Job): string {
  switch (state) {
    case 'pending':
      return 'It waits for its turn.';
    case 'inProgress':
    case 'stuck':
      return 'It is worked on.';
    case 'failed':
      return `It failed at ${completedAt}.`;
    case 'cancelled':
      return `It was cancelled at ${completedAt}.`;
    case 'completed':
    case 'submitted':
    case 'accepted':
      return `It was completed at ${completedAt}.`;
  }
}

const refused = (_job: Job, message: string): JobAnswer => ({ ok: false, kind: 'refused', message });
