import type { ConversationSummary, DeliveryMode } from '../../core/assistant.ts';
import type { Queryable, Statement } from '../database.ts';
import { storableText } from './json-text.ts';
import { isTalk } from './own-channels.ts';
import { shardOf } from './shard.ts';

/** Conversations, the one with the latest activity first. Those that nobody began by talking are not among them. */
export async function recentConversations(
  database: Queryable,
  limit: number,
): Promise<readonly ConversationSummary[]> {
  const { rows } = await database.query<ConversationRow>(RECENT, [limit]);
  return rows.map(toSummary);
}

/**
 * Conversations whose id begins with the word; else those whose title is it; else those whose title contains it. The
 * latest first.
 *
 * Cost: one pass over the conversations.
 */
export async function findConversations(
  database: Queryable,
  word: string,
  limit: number,
): Promise<readonly ConversationSummary[]> {
  const escaped = storableText(word).replace(/[\\%_]/g, '\\$&');
  const { rows } = await database.query<ConversationRow>(FIND, [escaped, limit]);
  const best = Math.min(...rows.map(({ fit }) => fit ?? 0));
  return rows.filter(({ fit }) => fit === best).map(toSummary);
}

/** Sub-agents that work, or worked, for a conversation; the latest first. */
export async function agentConversations(
  database: Queryable,
  parentId: string,
  limit: number,
): Promise<readonly ConversationSummary[]> {
  const { rows } = await database.query<ConversationRow>(AGENTS, [parentId, limit]);
  return rows.map(toSummary);
}

export interface ConversationTraits {
  /** Where what concerns it is delivered. */
  readonly channel: string;
  readonly title: string | null;
  /** What a message during a turn does, where the user chose something. */
  readonly whileBusy: DeliveryMode | null;
}

/** Undefined where there is no such conversation. */
export async function readTraits(database: Queryable, id: string): Promise<ConversationTraits | undefined> {
  const { rows } = await database.query<{
    channel: string;
    title: string | null;
    while_busy: DeliveryMode | null;
  }>('select channel, title, while_busy from conversation where id = $1', [id]);
  const [row] = rows;
  return row && { channel: row.channel, title: row.title, whileBusy: row.while_busy };
}

export const setTitle = (id: string, title: string): Statement => ({
  sql: 'update conversation set title = $2::text where id = $1::text',
  params: [id, storableText(title)],
});

/** False where there is no such conversation. */
export async function renameConversation(database: Queryable, id: string, title: string): Promise<boolean> {
  const sql = 'update conversation set title = $2::text where id = $1::text returning id';
  const { rows } = await database.query(sql, [id, storableText(title)]);
  return rows.length > 0;
}

export const setWhileBusy = (id: string, mode: DeliveryMode): Statement => ({
  sql: 'update conversation set while_busy = $2::text where id = $1::text',
  params: [id, mode],
});

export interface NewConversation {
  readonly id: string;
  /** The one that it is like: on the same channel, with the same mode. */
  readonly like: string;
  readonly title: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A conversation in which nothing was said yet. */
export function newConversation(made: NewConversation): readonly Statement[] {
  return [conversationLike(made), actorOf(made)];
}

/**
 * A conversation that begins with what another one held before a sequence number, without commands. What was taken back
 * there is taken back here. The entries are copied, under new numbers and turn ids, so that everything that reads a
 * conversation reads this one as well; what they cost stays with the original.
 *
 * Cost: one pass over the entries that are copied, in the database.
 */
export function branchedConversation(made: NewConversation, beforeSeq: number): readonly Statement[] {
  const copy = { sql: COPY, params: [keyOf(made.id), keyOf(made.like), beforeSeq, made.id] };
  return [conversationLike(made), copy, actorOf(made)];
}

const keyOf = (id: string): string => `session/${id}`;

const conversationLike = ({ id, like, title, at }: NewConversation): Statement => ({
  sql: `insert into conversation (id, channel, title, created_at, while_busy)
        select $1::text, channel, $2::text, $3::text::timestamptz, while_busy from conversation where id = $4::text`,
  params: [id, storableText(title), at, like],
});

const actorOf = ({ id, at }: NewConversation): Statement => ({
  sql: `insert into actor (key, shard, kind, seq, updated_at)
        select $1::text, $2::smallint, 'session', count(*), $3::text::timestamptz from journal where actor_key = $1::text`,
  params: [keyOf(id), shardOf(keyOf(id)), at],
});

interface ConversationRow extends Record<string, unknown> {
  readonly id: string;
  readonly channel: string;
  readonly title: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly seq: number;
  readonly busy: boolean;
  /** How well it fits what was looked for: the less the better. */
  readonly fit?: number;
}

function toSummary(row: ConversationRow): ConversationSummary {
  return {
    conversationId: row.id,
    channel: row.channel,
    title: row.title,
    createdAt: row.created_at.toISOString(),
    lastActiveAt: row.updated_at.toISOString(),
    cursor: row.seq,
    busy: row.busy,
  };
}

const COLUMNS = 'c.id, c.channel, c.title, c.created_at, a.updated_at, a.seq, a.snapshot is not null as busy';
const JOINED = `actor a join conversation c on a.key = 'session/' || c.id`;

const RECENT = `
  select ${COLUMNS} from ${JOINED} where ${isTalk('c.channel')} order by a.updated_at desc limit $1`;

const FIND = `
  select ${COLUMNS},
         case when c.id ilike $1::text || '%' then 0 when c.title ilike $1::text then 1 else 2 end as fit
    from ${JOINED}
   where ${isTalk('c.channel')} and (c.id ilike $1::text || '%' or c.title ilike '%' || $1::text || '%')
   order by fit, a.updated_at desc limit $2::integer`;

/** Whose work it is, the first entry of its journal says. */
const AGENTS = `
  select ${COLUMNS} from ${JOINED} join journal j on j.actor_key = a.key and j.seq = 1
   where c.channel = 'agent' and j.payload -> 'agent' ->> 'parentConversationId' = $1::text
   order by a.updated_at desc limit $2::integer`;

/** A turn keeps the last part of its id, so that branches of branches do not make ids longer and longer. */
const NEW_TURN_ID = (id: string): string => `$4::text || '/' || regexp_replace(${id}, '^.*/', '')`;

const COPY = `
  with commands as (
    select payload ->> 'turnId' as id from journal
     where actor_key = $2::text and seq < $3::bigint and type = 'turn.began' and payload ->> 'route' = 'command'
  )
  insert into journal (actor_key, seq, at, type, payload)
  select $1::text, row_number() over (order by j.seq), j.at, j.type,
         (j.payload - 'costMicroUsd')
         || case when j.payload ? 'turnId'
                 then jsonb_build_object('turnId', ${NEW_TURN_ID("j.payload ->> 'turnId'")}) else '{}' end
         || case when j.payload ? 'turnIds'
                 then jsonb_build_object('turnIds', (select coalesce(jsonb_agg(${NEW_TURN_ID('t.id')} order by t.place), '[]')
                        from jsonb_array_elements_text(j.payload -> 'turnIds') with ordinality as t (id, place))) else '{}' end
         || case when j.payload ? 'usage'
                 then '{"usage": {"inputTokens": 0, "outputTokens": 0}}'::jsonb else '{}' end
    from journal j
   where j.actor_key = $2::text and j.seq < $3::bigint and j.type not in ('input.refused', 'command.completed')
     and (j.type = 'history.compacted'
          or not exists (select from commands where commands.id = j.payload ->> 'turnId'))`;
