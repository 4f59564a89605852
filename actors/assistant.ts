import { createAuditLog } from '../src/audit/index.ts';
import type {
  Accepted,
  Assistant,
  AssistantStatus,
  ConversationSummary,
  Inbound,
} from '../src/core/assistant.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import type { Queryable } from '../src/storage/index.ts';
import { createInbox, readEntries } from '../src/storage/journal/index.ts';
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
  const inbox = createInbox(database);

  async function accept(inbound: Inbound): Promise<Accepted> {
    const { conversationId, channel, input } = inbound;
    const at = new Date(clock.now()).toISOString();
    const row = { inboxId: ids.next(), actorKey: sessionKey(conversationId), at };
    const { inboxId, duplicate } = await inbox.accept(inbound, row);
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
    secrets: env.secrets,
    audit: (page) => createAuditLog(database, clock).latest(page),
    watch: (conversationId, listener) => feed.watch(conversationId, listener),
    tree: () => system().tree(),
    crash: (path) => system().crash(path),
    hang: (path) => system().hang(path),
    delay: (path, milliseconds) => system().delay(path, milliseconds),
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
    updated_at: Date;
    seq: number;
    busy: boolean;
  }>(
    `select c.id, c.channel, c.title, a.updated_at, a.seq, a.snapshot is not null as busy
       from actor a join conversation c on a.key = 'session/' || c.id
      order by a.updated_at desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    conversationId: row.id,
    channel: row.channel,
    title: row.title,
    lastActiveAt: row.updated_at.toISOString(),
    cursor: row.seq,
    busy: row.busy,
  }));
}
