import type { Queryable } from '../storage/index.ts';
import { WAITS_FOR_OTHERS } from './queue.ts';
import type { WorkSettings } from './settings.ts';

/**
 * Jobs in which nothing has happened for too long: no step of their conversation, nothing that was told of them. One
 * that waits for the user or for other jobs is not stuck, nor is one whose tool runs and has time left. A job that is a
 * single call of a tool never is: the call ends by itself, and may be one that must not be made twice.
 *
 * Cost: one query, an index look-up or two for each job that is worked on.
 */
export async function stalledJobs(
  database: Queryable,
  { stuckAfterMs, toolTimeoutMs }: WorkSettings,
  now: number,
): Promise<readonly string[]> {
  const quietSince = new Date(now - stuckAfterMs);
  const toolSince = new Date(now - Math.max(stuckAfterMs, toolTimeoutMs));
  const { rows } = await database.query<{ id: string }>(STALLED, [quietSince, toolSince]);
  return rows.map(({ id }) => id);
}

const STALLED = `
  select j.id
    from job j left join actor a on a.key = 'session/job-' || j.id
   where j.state = 'inProgress' and j.work ->> 'kind' <> 'tool'
     and (j.work ->> 'kind' = 'task' or j.started_at < $2::timestamptz)
     and greatest(j.started_at, j.progress_at, a.updated_at) < $1::timestamptz
     and not ${WAITS_FOR_OTHERS}
     and not exists (select from approval p where p.conversation_id = 'job-' || j.id and p.decision is null)
     and not exists (select from effect e
                      where e.actor_key = a.key and e.state = 'intended' and e.kind = 'requestTool'
                        and e.intended_at > $2::timestamptz)`;

/** Whether any job has not ended. Cost: a look into two partial indexes. */
export async function hasOpenJobs(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ open: boolean }>(OPEN);
  return rows[0]?.open === true;
}

const OPEN = `
  select exists (select from job where state = 'pending')
      or exists (select from job where state in ('inProgress', 'stuck')) as open`;

/** Jobs that have not ended although what they were part of did, and was not completed. */
export async function forsakenJobs(
  database: Queryable,
): Promise<readonly { readonly id: string; readonly parentId: string }[]> {
  const { rows } = await database.query<{ id: string; parent_id: string }>(FORSAKEN);
  return rows.map(({ id, parent_id }) => ({ id, parentId: parent_id }));
}

const FORSAKEN = `
  select j.id, j.parent_id from job j join job parent on parent.id = j.parent_id
   where j.state in ('pending', 'inProgress', 'stuck') and parent.state in ('failed', 'cancelled')
   limit 100`;
