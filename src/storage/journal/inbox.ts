import type { Inbound, Input } from '../../core/assistant.ts';
import type { Database, Queryable, Statement } from '../database.ts';
import { jsonText, storableText } from './json-text.ts';
import { shardOf } from './shard.ts';

/** An accepted input that no step has dealt with yet. Ids sort in the order of acceptance. */
export interface OpenInput {
  readonly inboxId: string;
  readonly channel: string;
  readonly input: Input;
}

export interface AcceptedRow {
  readonly inboxId: string;
  readonly duplicate: boolean;
}

/** Where inputs are written down before anybody is told that they were accepted. */
export interface Inbox {
  /**
   * Writes an input down for good, with the conversation and the actor it belongs to. The same channel and
   * external id again yields the row that is already there.
   */
  accept(inbound: Inbound, row: NewRow): Promise<AcceptedRow>;
}

/** Conversations remembered as being in the database already; for the others that is looked after once more. */
const MAX_KNOWN = 10_000;

export function createInbox(database: Database): Inbox {
  const known = new Set<string>();

  return {
    async accept(inbound, row) {
      const { conversationId } = inbound;
      const title = titleOf(inbound.input);
      const statement = known.has(conversationId)
        ? acceptStatement(inbound, row)
        : acceptFirstStatement(inbound, row);
      const { committed, results } = await database.commit([statement]);
      // Another connection accepted the same input at once, and its row is not to be seen yet: look again.
      if (!committed) return this.accept(inbound, row);
      if (known.size >= MAX_KNOWN) known.clear();
      if (title !== null) known.add(conversationId);
      const id = String(results[0]?.rows[0]?.id);
      return { inboxId: id, duplicate: id !== row.inboxId };
    },
  };
}

interface NewRow {
  readonly inboxId: string;
  readonly actorKey: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Writes an input down as `Inbox.accept` does, for a conversation that exists, in the commit of whatever it follows from.
 */
export function acceptStatement(inbound: Inbound, row: NewRow): Statement {
  return { sql: ACCEPT, params: paramsOf(inbound, row) };
}

const paramsOf = ({ channel, externalId, input }: Inbound, { inboxId, actorKey, at }: NewRow) => [
  inboxId,
  storableText(channel),
  storableText(externalId),
  shardOf(actorKey),
  actorKey,
  jsonText(input),
  at,
];

/** The same for a conversation that may begin with it. */
export function acceptFirstStatement(inbound: Inbound, row: NewRow): Statement {
  const { conversationId, input } = inbound;
  return { sql: ACCEPT_FIRST, params: [...paramsOf(inbound, row), conversationId, titleOf(input)] };
}

/** Open inputs of one actor, oldest first. */
export async function openInputs(
  database: Queryable,
  key: string,
  limit: number,
): Promise<readonly OpenInput[]> {
  const { rows } = await database.query<{ id: string; channel: string; payload: Input }>(OPEN_INPUTS, [
    key,
    limit,
  ]);
  return rows.map(({ id, channel, payload }) => ({ inboxId: id, channel, input: payload }));
}

/** Keys of actors that have something to do: an open input or an unfinished turn. */
export async function keysWithWork(database: Queryable): Promise<readonly string[]> {
  const { rows } = await database.query<{ key: string }>(WITH_WORK);
  return rows.map(({ key }) => key);
}

const TITLE_LENGTH = 80;

/** The first line of a conversation's first message names it, unless a stranger wrote it. */
function titleOf(input: Input): string | null {
  if (input.type !== 'message' || (input.origin !== undefined && !input.agent)) return null;
  const said = input.text.replace(/^\/plan\s+/i, '').trimStart();
  if (said.startsWith('/')) return null;
  const line = said.split('\n', 1)[0] ?? '';
  return storableText(line.trim().slice(0, TITLE_LENGTH)) || null;
}

const FRESH = `
  fresh as (
    insert into inbox (id, channel, external_id, shard, actor_key, payload, accepted_at)
    values ($1::text, $2::text, $3::text, $4::smallint, $5::text, $6::text::jsonb, $7::text::timestamptz)
    on conflict (channel, external_id) do nothing
    returning id
  )
  select id from fresh
  union all
  select id from inbox where channel = $2::text and external_id = $3::text
  limit 1`;

const ACCEPT = `with ${FRESH}`;

const ACCEPT_FIRST = `
  with talk as (
    insert into conversation (id, channel, title, created_at)
    values ($8::text, $2::text, $9::text, $7::text::timestamptz)
    on conflict (id) do update set title = coalesce(conversation.title, excluded.title)
  ), actors as (
    insert into actor (key, shard, kind) values ($5::text, $4::smallint, 'session') on conflict do nothing
  ), ${FRESH}`;

const OPEN_INPUTS = `
  select id, channel, payload from inbox where actor_key = $1 and done_at is null order by id limit $2`;

const WITH_WORK = `
  select actor_key as key from inbox where done_at is null
  union
  select key from actor where snapshot is not null`;
