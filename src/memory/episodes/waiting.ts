import { type Database, isTalk, type Statement } from '../../storage/index.ts';

/** A conversation of which a part waits to be distilled. */
export interface Waiting {
  readonly conversationId: string;
  /** The part: entries after the first number, up to the second. */
  readonly fromSeq: number;
  readonly uptoSeq: number;
  /** How often that was begun already. */
  readonly attempts: number;
}

/** What counts as ended. */
export interface Ending {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Nobody has talked for so long. */
  readonly afterMs: number;
}

/**
 * Puts conversations down that have ended since the last look: nobody talked for a while, or the user cleared them or
 * began another. Those that nobody began by talking, and those that were forgotten, are not among them.
 *
 * Cost: by an index the conversations that came to rest since the last look, and those that have not yet.
 */
export async function findEnded(database: Database, { now, afterMs }: Ending): Promise<void> {
  const params = [KEY, new Date(now - afterMs)];
  const { rows } = await database.query<{ any: boolean }>(ANY, params);
  if (rows[0]?.any) await database.commit([{ sql: FIND, params: [...params, new Date(now)] }]);
}

const KEY = 'memory.episodes';

/** `since`: what was said before is not looked at. `looked`: who rested then has been looked at. */
const KNOWN = `
  known as (
    select coalesce((select (value ->> 'since')::timestamptz from setting where key = $1::text), $2::timestamptz) as since,
           coalesce((select (value ->> 'looked')::timestamptz from setting where key = $1::text), $2::timestamptz) as looked
  )`;

const ENDED = `
  ended as (
    select c.id, a.seq
      from known cross join actor a
      join conversation c on a.key = 'session/' || c.id
      left join memory_episode e on e.conversation_id = c.id
     where a.updated_at > known.looked and a.snapshot is null and ${isTalk('c.channel')}
       and a.seq > coalesce(e.upto_seq, 0) and a.seq is distinct from e.due_seq
       and (a.updated_at <= $2::timestamptz
            or exists (select from journal j
                        where j.actor_key = a.key and j.seq > greatest(coalesce(e.upto_seq, 0), a.seq - 8)
                          and (j.type = 'history.changed' and j.payload ->> 'change' = 'clear'
                               or j.type = 'command.completed' and j.payload ->> 'command' = 'new')))
       and not exists (select from memory_forgotten f where f.kind = 'conversation' and f.name = c.id)
  )`;

/** Whether there is anything to note: nothing is written where nothing happened. */
const ANY = `
  with ${KNOWN}, ${ENDED}
  select not exists (select from setting where key = $1::text and value ? 'since')
         or exists (select from known join actor a on a.updated_at > known.looked and a.updated_at <= $2::timestamptz)
         or exists (select from ended) as any`;

const FIND = `
  with ${KNOWN}, ${ENDED}, looked as (
    insert into setting (key, value, updated_at)
      select $1::text, jsonb_build_object('since', since, 'looked', greatest(looked, $2::timestamptz)), $3::timestamptz
        from known
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
    returning key
  ), put as (
    insert into memory_episode (conversation_id, due_seq, due_at)
      select id, seq, $3::timestamptz from ended
    on conflict (conversation_id) do update set due_seq = excluded.due_seq, due_at = excluded.due_at
  )
  select key from looked`;

/** While it is switched off nothing is noted, and what is said then is not looked at later. */
export async function noteOff(database: Database, now: number): Promise<void> {
  const at = new Date(now);
  await database.commit([
    {
      sql: `insert into setting (key, value, updated_at)
            values ($1::text, jsonb_build_object('off', true), $2::timestamptz)
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
      params: [KEY, at],
    },
    { sql: 'update memory_episode set due_seq = null where due_seq is not null' },
  ]);
}

/** The one that waits longest, counted as begun once more; and since when what was said is looked at. */
export async function takeWaiting(
  database: Database,
  now: number,
): Promise<(Waiting & { readonly since: Date }) | undefined> {
  const { rows } = await database.query(DUE, [new Date(now)]);
  if (rows.length === 0) return undefined;
  const { results } = await database.commit([{ sql: TAKE, params: [new Date(now), KEY] }]);
  const row = results[0]?.rows[0];
  return row && isRow(row) ? toWaiting(row) : undefined;
}

const DUE = 'select from memory_episode where due_seq is not null and due_at <= $1 limit 1';

const TAKE = `
  update memory_episode e set attempts = attempts + 1
   where conversation_id = (select conversation_id from memory_episode
                             where due_seq is not null and due_at <= $1::timestamptz
                             order by due_at limit 1)
  returning conversation_id, upto_seq, due_seq, attempts,
            coalesce((select (value ->> 'since')::timestamptz from setting where key = $2::text), $1) as since`;

interface WaitingRow extends Record<string, unknown> {
  readonly conversation_id: string;
  readonly upto_seq: number;
  readonly due_seq: number;
  readonly attempts: number;
  readonly since: Date;
}

const isRow = (row: Record<string, unknown>): row is WaitingRow => 'conversation_id' in row;

const toWaiting = (row: WaitingRow): Waiting & { readonly since: Date } => ({
  conversationId: row.conversation_id,
  fromSeq: row.upto_seq,
  uptoSeq: row.due_seq,
  attempts: row.attempts - 1,
  since: row.since,
});

/**
 * To be committed first, with what was made of the part: a part counts once, whoever is at it. Touches no row where it
 * was done already, or where it or something that had a hand in it has been forgotten meanwhile.
 */
export function distilled(
  { conversationId, fromSeq }: Waiting,
  uptoSeq: number,
  origins: readonly string[],
): Statement {
  return {
    sql: `update memory_episode
             set upto_seq = $3, attempts = 0, due_seq = case when due_seq > $3 then due_seq end
           where conversation_id = $1 and upto_seq = $2 and due_seq is not null
             and not exists (select from memory_forgotten
                              where kind = 'conversation' and name = $1 or kind = 'source' and name = any ($4))`,
    params: [conversationId, fromSeq, uptoSeq, [...origins]],
  };
}

/** Not now; again at that moment. */
export const putOff = ({ conversationId }: Waiting, until: number): Statement => ({
  sql: 'update memory_episode set due_at = $2 where conversation_id = $1 and due_seq is not null',
  params: [conversationId, new Date(until)],
});

/** What was forgotten while it waited does not wait any more. */
export const dropForgotten = ({ conversationId }: Waiting): Statement => ({
  sql: `update memory_episode set due_seq = null
         where conversation_id = $1
           and exists (select from memory_forgotten where kind = 'conversation' and name = $1)`,
  params: [conversationId],
});
