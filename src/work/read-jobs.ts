import type { JobCounts, JobFilter, JobPage, JobState } from '../core/work.ts';
import type { Queryable } from '../storage/index.ts';
import type { Job } from './job.ts';
import { type MessageRow, type OpenMessage, openMessage, openMessagesOf } from './job-inbox.ts';

/** Undefined where there is no such job. It is not told how many are before it. */
export async function readJob(database: Queryable, id: string): Promise<Job | undefined> {
  const { rows } = await database.query<JobRow>(ONE, [id]);
  return rows[0] && jobOf(rows[0]);
}

/** All that the actor of a job begins with. */
export interface JobAtHand {
  readonly job: Job;
  /** What it was told and has not dealt with, oldest first. */
  readonly messages: readonly OpenMessage[];
  /** Whether it has had an actor before. */
  readonly hasActor: boolean;
}

/** Undefined where there is no such job. */
export async function readJobAtHand(database: Queryable, id: string): Promise<JobAtHand | undefined> {
  const { rows } = await database.query<JobRow & AtHandRow>(AT_HAND, [id]);
  const [row] = rows;
  return row && { job: jobOf(row), messages: row.messages.map(openMessage), hasActor: row.has_actor };
}

interface AtHandRow {
  readonly messages: readonly MessageRow[];
  readonly has_actor: boolean;
}

/** How many jobs that wait are before this one. Cost: linear in them. */
export async function countAhead(database: Queryable, id: string): Promise<number> {
  const { rows } = await database.query<{ ahead: number }>(AHEAD, [id]);
  return rows[0]?.ahead ?? 0;
}

/** The job that this order was given for, where it was given before. */
export async function readJobByOrder(database: Queryable, externalId: string): Promise<Job | undefined> {
  const { rows } = await database.query<JobRow>(BY_ORDER, [externalId]);
  return rows[0] && jobOf(rows[0]);
}

/** Those with this id, or with ids that begin so: two at most, which is enough to tell. */
export async function jobsBeginning(database: Queryable, beginning: string): Promise<readonly Job[]> {
  const exact = await readJob(database, beginning);
  if (exact) return [exact];
  const { rows } = await database.query<JobRow>(BEGINNING, [beginning.replace(/[\\%_]/g, '\\$&')]);
  return rows.map(jobOf);
}

/** The latest first. */
export async function listJobs(database: Queryable, page: JobPage): Promise<readonly Job[]> {
  const { filter, limit, parentId } = page;
  const { rows } = await database.query<JobRow>(LIST, [STATES[filter], parentId ?? null, limit]);
  return rows.map(jobOf);
}

/** Of these jobs, the ones that are there. */
export async function readJobs(database: Queryable, ids: readonly string[]): Promise<readonly Job[]> {
  const { rows } = await database.query<JobRow>(SOME, [ids]);
  return rows.map(jobOf);
}

/** Cost: one pass over the jobs. */
export async function countJobs(database: Queryable): Promise<JobCounts> {
  const { rows } = await database.query<{ state: JobState; count: number }>(COUNTS);
  const of = (...states: JobState[]): number =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0),
    pending: of('pending'),
    inProgress: of('inProgress'),
    completed: of('completed', 'submitted', 'accepted'),
    failed: of('failed'),
    stuck: of('stuck'),
    cancelled: of('cancelled'),
  };
}

const STATES: Readonly<Record<JobFilter, readonly JobState[] | null>> = {
  all: null,
  active: ['pending', 'inProgress', 'stuck'],
  completed: ['completed', 'submitted', 'accepted'],
  failed: ['failed'],
};

interface JobRow extends Record<string, unknown> {
  readonly id: string;
  readonly user_id: string;
  readonly parent_id: string | null;
  readonly depth: number;
  readonly title: string;
  readonly description: string;
  readonly work: Job['work'];
  readonly priority: Job['priority'];
  readonly project_dir: string;
  readonly limits: Job['limits'];
  readonly tools: Job['tools'];
  readonly credentials: Job['credentials'];
  readonly ordered_by: Job['by'];
  readonly origins: Job['origins'];
  readonly may_ask: boolean;
  readonly awaited: boolean;
  readonly state: JobState;
  readonly order_id: string | null;
  readonly attempts: number;
  readonly result: string | null;
  readonly result_origins: Job['resultOrigins'];
  readonly tokens: number;
  readonly cost: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly ahead: number | null;
}

const jobOf = (row: JobRow): Job => ({
  id: row.id,
  userId: row.user_id,
  parentId: row.parent_id,
  depth: row.depth,
  title: row.title,
  description: row.description,
  work: row.work,
  priority: row.priority,
  projectDir: row.project_dir,
  limits: row.limits,
  tools: row.tools,
  credentials: row.credentials,
  by: row.ordered_by,
  origins: row.origins,
  mayAsk: row.may_ask,
  awaited: row.awaited,
  state: row.state,
  orderId: row.order_id,
  attempts: row.attempts,
  result: row.result,
  resultOrigins: row.result_origins,
  tokens: row.tokens,
  costMicroUsd: row.cost,
  createdAt: row.created_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  completedAt: row.completed_at?.toISOString() ?? null,
  ahead: row.ahead,
});

/** What a running job has cost so far is in its budget; what one in a container did cost, in its row as well. */
const COLUMNS = `
  j.id, j.user_id, j.parent_id, j.depth, j.title, j.description, j.work, j.priority, j.project_dir, j.limits, j.tools,
  j.credentials, j.ordered_by, j.origins, j.may_ask, j.awaited, j.state, j.order_id, j.attempts, j.result,
  j.result_origins, j.tokens, j.created_at, j.started_at, j.completed_at,
  greatest(j.cost, (select spent from budget where scope = 'job/' || j.id)) as cost`;

const JOBS = (ahead: string): string => `select ${COLUMNS}, ${ahead} as ahead from job j`;

const ONE = `${JOBS('null::integer')} where j.id = $1::text`;

const AT_HAND = `
  select ${COLUMNS}, null::integer as ahead, exists (select from actor where key = 'job/' || j.id) as has_actor,
         (select coalesce(json_agg(open), '[]') from (${openMessagesOf("'job/' || j.id")}) as open) as messages
    from job j where j.id = $1::text`;

const AHEAD = `
  select count(*)::integer as ahead
    from job j join job b on b.state = 'pending' and (b.rank, -b.depth, b.id) < (j.rank, -j.depth, j.id)
   where j.id = $1::text and j.state = 'pending'`;

const BY_ORDER = `${JOBS('null::integer')} where j.external_id = $1::text`;

const BEGINNING = `${JOBS('null::integer')} where j.id like $1::text || '%' order by j.id desc limit 2`;

const SOME = `${JOBS('null::integer')} where j.id = any ($1::text[])`;

const LIST = `
  with page as (
    select id from job
     where ($1::text[] is null or state = any ($1::text[])) and ($2::text is null or parent_id = $2::text)
     order by id desc limit $3::integer
  ), queue as (
    select id, (row_number() over (order by rank, depth desc, id) - 1)::integer as ahead
      from job where state = 'pending' and exists (select from page)
  )
  ${JOBS('queue.ahead')} join page using (id) left join queue using (id)
   order by j.id desc`;

const COUNTS = 'select state, count(*)::integer as count from job group by state';
