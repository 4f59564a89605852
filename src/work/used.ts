import type { Queryable } from '../storage/index.ts';
import { jobConversationOf } from './job-conversation.ts';

/** What the turns of a job's conversation have used. */
export interface Used {
  /** Read and written. */
  readonly tokens: number;
  /** Millionths of a US dollar. */
  readonly costMicroUsd: number;
}

/** Cost: a pass over the conversation's journal. */
export async function usedByJob(database: Queryable, jobId: string): Promise<Used> {
  const params = [`session/${jobConversationOf(jobId)}`, `job/${jobId}`];
  const { rows } = await database.query<{ tokens: number; spent: number | null }>(USED, params);
  return { tokens: rows[0]?.tokens ?? 0, costMicroUsd: rows[0]?.spent ?? 0 };
}

const USED = `
  select coalesce(sum((payload -> 'usage' ->> 'inputTokens')::bigint
                    + (payload -> 'usage' ->> 'outputTokens')::bigint), 0)::bigint as tokens,
         (select spent from budget where scope = $2::text) as spent
    from journal where actor_key = $1::text and type = 'model.completed'`;
