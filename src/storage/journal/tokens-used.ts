import type { Queryable } from '../database.ts';

/**
 * What models have read and written in the turns of an actor.
 *
 * Cost: a pass over its journal.
 */
export async function tokensUsed(database: Queryable, actorKey: string): Promise<number> {
  const { rows } = await database.query<{ tokens: number }>(TOKENS, [actorKey]);
  return rows[0]?.tokens ?? 0;
}

const TOKENS = `
  select coalesce(sum((payload -> 'usage' ->> 'inputTokens')::bigint
                    + (payload -> 'usage' ->> 'outputTokens')::bigint), 0)::bigint as tokens
    from journal where actor_key = $1::text and type = 'model.completed'`;
