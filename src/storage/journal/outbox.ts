import type { Json } from '../../core/json.ts';
import type { Database, Queryable } from '../database.ts';

export interface OutboxRow {
  readonly id: string;
  readonly actorKey: string;
  readonly channel: string;
  readonly payload: Json;
  readonly state: 'prepared' | 'sending';
}

/** Replies of a channel that have not reached a final state, oldest first. */
export async function openReplies(database: Queryable, channel: string): Promise<readonly OutboxRow[]> {
  const { rows } = await database.query<{
    id: string;
    actor_key: string;
    payload: Json;
    state: OutboxRow['state'];
  }>(OPEN, [channel]);
  return rows.map(({ id, actor_key, payload, state }) => ({
    id,
    actorKey: actor_key,
    channel,
    payload,
    state,
  }));
}

/** Moves replies on. A reply in a final state stays as it is: `committed` false says that none was moved. */
export async function markReplies(
  database: Database,
  ids: readonly string[],
  state: 'sending' | 'delivered' | 'unknown',
  at: string,
): Promise<void> {
  await database.commit([{ sql: MARK, params: [ids, state, at] }]);
}

const OPEN = `
  select id, actor_key, payload, state from outbox
   where channel = $1 and state in ('prepared', 'sending') order by id`;

const MARK = `
  update outbox
     set state = $2::text, delivered_at = case when $2::text = 'delivered' then $3::text::timestamptz end
   where id = any ($1::text[]) and state in ('prepared', 'sending')`;
