import type { Origin } from '../core/journal.ts';
import type { JobState } from '../core/work.ts';
import { jsonText, type Statement, storableText, type Value } from '../storage/index.ts';
import { type Job, rankOf } from './job.ts';

/** Puts a job into the queue. Returns how many are before it; no row where its order was given before. */
export function newJob(job: Job, externalId: string): Statement {
  return {
    sql: NEW,
    params: [
      job.id,
      storableText(externalId),
      job.userId,
      job.parentId,
      job.depth,
      storableText(job.title),
      storableText(job.description),
      jsonText(job.work),
      job.priority,
      rankOf(job.priority),
      storableText(job.projectDir),
      jsonText(job.limits),
      jsonText(job.tools),
      jsonText(job.credentials),
      jsonText(job.by),
      jsonText(job.origins),
      job.mayAsk,
      job.awaited,
      job.createdAt,
    ],
  };
}

const NEW = `
  insert into job (id, external_id, user_id, parent_id, depth, title, description, work, priority, rank, project_dir,
                   limits, tools, credentials, ordered_by, origins, may_ask, awaited, created_at)
  values ($1::text, $2::text, $3::text, $4::text, $5::smallint, $6::text, $7::text, $8::text::jsonb, $9::text,
          $10::smallint, $11::text, $12::text::jsonb, $13::text::jsonb, $14::text::jsonb, $15::text::jsonb,
          $16::text::jsonb, $17::boolean, $18::boolean, $19::text::timestamptz)
  on conflict (external_id) do nothing
  returning (select count(*)::integer from job b
              where b.state = 'pending' and (b.rank, -b.depth, b.id) < (job.rank, -job.depth, job.id)) as ahead`;

export interface Moved {
  readonly to: JobState;
  readonly attempts: number;
  /** Of the message that its order is, once it has begun. */
  readonly orderId: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** What came of the job, or why nothing did; where its work has just ended. */
  readonly result?: JobResult | undefined;
}

export interface JobResult {
  readonly text: string;
  readonly origins: readonly Origin[];
  readonly tokens: number;
  readonly costMicroUsd: number;
}

/** A job is in another state. */
export const jobMoved = (id: string, moved: Moved): Statement => ({
  sql: moved.result ? MOVED_WITH_RESULT : MOVED,
  params: movedParams(id, moved),
});

function movedParams(id: string, { to, attempts, at, orderId, result }: Moved): readonly Value[] {
  const row = [id, to, attempts, at, orderId];
  if (!result) return row;
  const { text, origins, tokens, costMicroUsd } = result;
  return [...row, storableText(text), jsonText(origins), Math.round(tokens), Math.round(costMicroUsd)];
}

const moving = (result: string): string => `
  update job
     set state = $2::text, order_id = $5::text, attempts = $3::integer, progress_at = $4::text::timestamptz,
         waits_for = case when $2::text in ('inProgress', 'stuck') then waits_for end,
         started_at = case when $2::text = 'inProgress' then coalesce(started_at, $4::text::timestamptz)
                           else started_at end,
         completed_at = case when $2::text in ('completed', 'submitted', 'failed', 'cancelled')
                             then coalesce(completed_at, $4::text::timestamptz) else completed_at end${result}
   where id = $1::text`;

const MOVED = moving('');
const MOVED_WITH_RESULT = moving(
  ', result = $6::text, result_origins = $7::text::jsonb, tokens = $8::bigint, cost = $9::bigint',
);

/** Nobody waits for these jobs any more: the user will be told of their ends. */
export const unawaited = (ids: readonly string[]): Statement => ({
  sql: `update job set awaited = false where id = any ($1::text[]) and state in ('pending', 'inProgress', 'stuck')`,
  params: [ids],
});

/**
 * The work of a job waits for others from now on, or (null) goes on.
 *
 * @param at ISO 8601
 */
export const waitingFor = (id: string, others: readonly string[] | null, at: string): Statement => ({
  sql: 'update job set waits_for = $2::text[], progress_at = $3::text::timestamptz where id = $1::text',
  params: [id, others, at],
});
