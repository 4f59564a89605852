import type { Origin } from '../core/journal.ts';
import type { Notification, NotificationKind } from '../core/notifications.ts';
import type { Database, Queryable, Statement } from '../storage/index.ts';

/** One that is still to be told. */
export interface Waiting extends Notification {
  readonly id: number;
  /** When it was written, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** What became of one. */
export interface Settled extends Waiting {
  readonly state: 'waiting' | 'told' | 'merged' | 'muted';
  readonly settledAt: number | null;
  readonly toldIn: string | null;
}

/** At most so many at a time; the rest is looked at when these are settled. */
const MOST = 1_000;

/** Those that wait, the oldest first, up to a thousand. */
export async function waitingNotifications(database: Queryable): Promise<readonly Waiting[]> {
  const { rows } = await database.query<Row>(`${COLUMNS} where state = 'waiting' order by id limit ${MOST}`);
  return rows.map(toSettled);
}

/** How many wait. Costs a look at an index that holds nothing else. */
export async function countWaiting(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    "select count(*)::integer as count from notification where state = 'waiting'",
  );
  return rows[0]?.count ?? 0;
}

/** The latest, newest first, whatever became of them. */
export async function latestNotifications(database: Queryable, limit: number): Promise<readonly Settled[]> {
  const { rows } = await database.query<Row>(`${COLUMNS} order by id desc limit $1`, [limit]);
  return rows.map(toSettled);
}

/**
 * Settles them all, or none where one of them was settled by somebody else meanwhile: to be the first statement of a
 * unit.
 *
 * @param first is `told`, the others are `merged` into it
 */
export function tellStatement(first: number, ids: readonly number[], toldIn: string, now: number): Statement {
  return { sql: TELL, params: [[...ids], first, toldIn, new Date(now), ids.length] };
}

export async function mute(database: Database, ids: readonly number[], now: number): Promise<void> {
  if (ids.length === 0) return;
  await database.commit([{ sql: MUTE, params: [[...ids], new Date(now)] }]);
}

const COLUMNS = `
  select id, key, kind, source, text, conversation_id, origins, at, state, settled_at, told_in from notification`;

const TELL = `
  with settled as (
    update notification
       set state = case when id = $2::bigint then 'told' else 'merged' end, told_in = $3::text,
           settled_at = $4::timestamptz
     where id = any ($1::bigint[]) and state = 'waiting' returning id
  )
  select from (select count(*) as done from settled) as counted where done = $5::integer`;

const MUTE = `
  update notification set state = 'muted', settled_at = $2::timestamptz
   where id = any ($1::bigint[]) and state = 'waiting'`;

interface Row extends Record<string, unknown> {
  readonly id: number;
  readonly key: string;
  readonly kind: NotificationKind;
  readonly source: string;
  readonly text: string;
  readonly conversation_id: string | null;
  readonly origins: readonly Origin[];
  readonly at: Date;
  readonly state: Settled['state'];
  readonly settled_at: Date | null;
  readonly told_in: string | null;
}

const toSettled = ({ source, conversation_id, at, settled_at, told_in, ...row }: Row): Settled => ({
  ...row,
  from: source,
  conversationId: conversation_id,
  at: at.getTime(),
  settledAt: settled_at?.getTime() ?? null,
  toldIn: told_in,
});
