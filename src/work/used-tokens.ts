import type { Queryable } from '../storage/index.ts';
import { jobConversationOf } from './job-conversation.ts';

/** Tokens that the turns of a job's conversation read and wrote. Cost: a pass over its journal. */
export async function usedTokens(database: Queryable, jobId: string): Promise<number> {
  const key = `session/${jobConversationOf(jobId)}`;
  const { rows } = await database.query<{ tokens: number }>(USED, [key]);
  return rows[0]?.tokens ?? 0;
}

const USED = `
  select coalesce(sum((payload -> 'usage' ->> 'inputTokens')::bigint
                    + (payload -> 'usage' ->> 'outputTokens')::bigint), 0)::bigint as tokens
    from journal where actor_key = $1::text and type = 'model.completed'`;
