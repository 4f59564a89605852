import type { Database, Queryable, Statement } from '../storage/index.ts';
import { MOST_ROWS } from './prunings.ts';

/**
 * Conversations of jobs, of runs of routines and of beats in which nothing happened since, the oldest first.
 *
 * Cost: a look at each conversation.
 *
 * @param before milliseconds since the Unix epoch
 */
export async function forgottenConversations(
  database: Queryable,
  before: number,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(`${OLD} order by a.updated_at limit $2::integer`, [
    new Date(before),
    limit,
  ]);
  return rows.map(({ id }) => id);
}

/**
 * Removes a conversation with all that belongs to it, 200 entries of its journal in a commit. Wherever it is stopped, the
 * next time goes on with it. Resolves false where something happened in it meanwhile: then it stays.
 */
export async function forgetConversation(database: Database, id: string, before: number): Promise<boolean> {
  const guard: Statement = {
    sql: `${OLD} and c.id = $2::text for update of a`,
    params: [new Date(before), id],
  };
  const key = `session/${id}`;
  for (;;) {
    const { committed, results } = await database.commit([guard, { sql: ENTRIES, params: [key] }]);
    if (!committed) return false;
    if ((results[1]?.rowCount ?? 0) < MOST_ROWS) break;
  }
  const ofKey = OF_KEY.map((sql): Statement => ({ sql, params: [key] }));
  const ofId = OF_ID.map((sql): Statement => ({ sql, params: [id] }));
  return (await database.commit([guard, ...ofKey, ...ofId])).committed;
}

const OLD = `
  select c.id from conversation c join actor a on a.key = 'session/' || c.id
   where c.channel in ('job', 'routine', 'heartbeat') and a.snapshot is null and a.updated_at < $1::timestamptz
     and not exists (select from inbox i where i.actor_key = a.key and i.done_at is null)
     and not exists (select from job j where 'job-' || j.id = c.id and j.state in ('pending', 'inProgress', 'stuck'))`;

const ENTRIES = `
  delete from journal where actor_key = $1 and seq in (
    select seq from journal where actor_key = $1 order by seq limit ${MOST_ROWS})`;

const OF_KEY = ['effect', 'inbox', 'outbox', 'dead_letter']
  .map((table) => `delete from ${table} where actor_key = $1`)
  .concat('delete from actor where key = $1');

const OF_ID = [
  'delete from approval where conversation_id = $1',
  'delete from memory_episode where conversation_id = $1',
  'delete from conversation where id = $1',
];
