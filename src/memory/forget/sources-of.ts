import type { ForgetTarget } from '../../core/memory.ts';
import { unitedOrigins } from '../../safety/index.ts';
import type { Queryable } from '../../storage/index.ts';

/**
 * The rows of `memory_source` that a target stands for. A conversation has those of the agents that worked for it as
 * well; a source is an origin (a page or a file also by its bare address), or an import by its name.
 *
 * Cost: an index lookup; for a conversation also a pass over the conversations of agents for each level of them.
 */
export async function sourcesOf(tx: Queryable, target: ForgetTarget): Promise<readonly number[]> {
  const { rows } = await rowsOf(tx, target);
  return rows.map(({ id }) => id);
}

function rowsOf(tx: Queryable, target: ForgetTarget) {
  switch (target.kind) {
    case 'conversation':
      return tx.query<{ id: number }>(OF_CONVERSATION, [target.conversationId]);
    case 'source':
      return tx.query<{ id: number }>(OF_SOURCE, [originNames(target.source), target.source]);
    case 'document':
      return tx.query<{ id: number }>('select id from memory_source where path = $1', [target.path]);
  }
}

const KINDS = ['page', 'file', 'import'] as const;

/** In the form in which origins are kept. */
export function originNames(source: string): readonly string[] {
  return [source, ...KINDS.map((kind) => `the ${kind} ${source}`)].flatMap((name) => unitedOrigins([name]));
}

const OF_CONVERSATION = `
  with recursive talk as (
    select $1::text as id
    union
    select c.id from talk join conversation c on c.channel = 'agent'
      join journal j on j.actor_key = 'session/' || c.id and j.seq = 1
     where j.payload -> 'agent' ->> 'parentConversationId' = talk.id
  )
  select s.id from talk join memory_source s on s.conversation_id = talk.id`;

const OF_SOURCE = `
  select id from memory_source where origins <> '[]' and origins ?| $1
  union
  select id from memory_source where name = $2 and writer = 'import'`;
