import type { Assistant, SearchHit } from '../core/assistant.ts';

interface Asked {
  readonly query: string;
  readonly limit?: number;
  readonly conversationId?: string;
}

const MAX_HITS = 100;
const DEFAULT_HITS = 20;

/** What was said with these words, at most 100 places. */
export function searchConversations(
  { query, limit = DEFAULT_HITS, conversationId }: Asked,
  assistant: Assistant,
): Promise<readonly SearchHit[]> {
  const bounded = Math.min(Math.max(limit, 1), MAX_HITS);
  return assistant.search({
    query,
    limit: bounded,
    ...(conversationId !== undefined && { conversationId }),
  });
}
