import type { Queryable } from '../storage/index.ts';
import { picked, type Waiting } from './pick.ts';
import type { WorkSettings } from './settings.ts';

/** Jobs that are about to begin, and are still pending for the database. By id: whose they are. */
export type Starting = ReadonlyMap<string, string>;

/**
 * The jobs that begin now. One whose work waits for jobs that have not ended holds no slot: otherwise those that wait
 * could fill all of them.
 *
 * Cost: one query over the partial indexes of waiting and of running jobs: linear in the users who wait and the slots.
 */
export async function jobsToBegin(
  database: Queryable,
  { maxParallel, maxParallelPerUser }: WorkSettings,
  starting: Starting,
): Promise<readonly Waiting[]> {
  const { rows } = await database.query<QueueRow>(QUEUE, [maxParallel + starting.size]);
  const taken = new Map<string, number>();
  const add = (userId: string, count: number): void => {
    taken.set(userId, (taken.get(userId) ?? 0) + count);
  };
  for (const { user_id, id, held } of rows) if (id === null) add(user_id, held);
  for (const userId of starting.values()) add(userId, 1);
  const waiting = rows.flatMap(({ id, user_id, rank, depth }) =>
    id === null || starting.has(id) ? [] : [{ id, userId: user_id, rank, depth }],
  );
  const maxPerUser = maxParallelPerUser === 0 ? maxParallel : maxParallelPerUser;
  return picked(waiting, { max: maxParallel, maxPerUser, taken });
}

/** A job that waits; or, without an id, how many slots a user holds. */
interface QueueRow extends Record<string, unknown> {
  readonly id: string | null;
  readonly user_id: string;
  readonly rank: number;
  readonly depth: number;
  readonly held: number;
}

/**
 * Whether the work of `j` waits for jobs that have not ended. Most wait for none: asked first, it keeps the planner from
 * joining with all jobs.
 */
export const WAITS_FOR_OTHERS = `(j.waits_for is not null and exists (
  select from job other where other.id = any (j.waits_for) and other.state in ('pending', 'inProgress', 'stuck')))`;

/** Whose jobs wait is found by stepping from user to user in the index, so that it does not matter how many wait. */
const QUEUE = `
  with recursive waiting (user_id) as (
    select min(user_id) from job where state = 'pending'
    union all
    select (select min(user_id) from job where state = 'pending' and user_id > waiting.user_id)
      from waiting where waiting.user_id is not null
  )
  select w.id, w.user_id, w.rank, w.depth, 0 as held
    from waiting
   cross join lateral (
     select id, user_id, rank, depth from job
      where state = 'pending' and user_id = waiting.user_id
      order by rank, depth desc, id limit $1::integer) w
  union all
  select null, j.user_id, 0, 0, count(*)::integer from job j
   where j.state in ('inProgress', 'stuck') and not ${WAITS_FOR_OTHERS}
   group by j.user_id`;
