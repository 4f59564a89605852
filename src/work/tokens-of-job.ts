import type { Queryable } from '../storage/index.ts';
import { jobConversationOf } from './job-conversation.ts';

/**
 * What models have read and written in the turns of a job's conversation.
 *
 * Cost: a pass over the conversation's journal.
 */
export async function tokensOfJob(database: Queryable, jobId: string): Promise<number> {
  const actorKey = `session/${jobConversationOf(jobId)}`;
  const { rows } = await database.query<{ tokens: number }>(TOKENS, [actorKey]);
  return rows[0]?.tokens ?? 0;
}

const TOKENS = `
  select coalesce(sum((payload -> 'usage' ->> 'inputTokens')::bigint
                    + (payload -> 'usage' ->> 'outputTokens')::bigint), 0)::bigint as tokens
    from journal where actor_key = $1::text and type = 'model.completed'`;
