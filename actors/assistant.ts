import type {
  Accepted,
  Assistant,
  AssistantStatus,
  ConversationSummary,
  Inbound,
} from '../src/core/assistant.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import type { Queryable } from '../src/storage/index.ts';
import { acceptInput, readEntries } from '../src/storage/journal/index.ts';
import { pendingApprovals } from './approval-rows.ts';
import { sessionKey } from './conversation-key.ts';
import type { Environment } from './environment.ts';

/** The running tree behind the port that its faces use. */
export function createAssistant(
  env: Environment,
  system: () => ActorSystemHandle,
  status: () => AssistantStatus,
): Assistant {
  const { database, clock, ids, hints, feed, policy } = env;

  async function accept(inbound: Inbound): Promise<Accepted> {
    const { conversationId, channel, input } = inbound;
    const at = new Date(clock.now()).toISOString();
    const row = { inboxId: ids.next(), actorKey: sessionKey(conversationId), at };
    const { inboxId, duplicate } = await acceptInput(database, inbound, row);
    if (!duplicate) hints.inputAccepted(conversationId, { inboxId, channel, input });
    return { inboxId, conversationId, duplicate };
  }

  return {
    accept,
    entries: (conversationId, page) => readEntries(database, sessionKey(conversationId), page),
    conversations: (limit) => recentConversations(database, limit),
    pendingApprovals: (conversationId) => pendingApprovals(database, conversationId),
    grants: () => policy.grants(),
    revokeGrant: (grantId) => policy.revoke(grantId),
    watch: (conversationId, listener) => feed.watch(conversationId, listener),
    tree: () => system().tree(),
    crash: (path) => system().crash(path),
    status,
  };
}

async function recentConversations(
  database: Queryable,
  limit: number,
): Promise<readonly ConversationSummary[]> {
  const { rows } = await database.query<{
    id: string;
    channel: string;
    title: string | null;
    last_active_at: Date;
    seq: number;
    busy: boolean;
  }>(
    `select c.id, c.channel, c.title, c.last_active_at, a.seq, a.snapshot is not null as busy
       from conversation c join actor a on a.key = 'session/' || c.id
      order by c.last_active_at desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    conversationId: row.id,
    channel: row.channel,
    title: row.title,
    lastActiveAt: row.last_active_at.toISOString(),
    cursor: row.seq,
    busy: row.busy,
  }));
}
