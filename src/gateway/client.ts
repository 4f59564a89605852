import type {
  ApprovalState,
  ConversationSummary,
  DeliveryMode,
  Grant,
  GrantRequest,
  LiveEvent,
  PendingApproval,
  SearchHit,
} from '../core/assistant.ts';
import type { AuditEntry, AuditVerdict } from '../core/audit.ts';
import type { BudgetReport } from '../core/budget.ts';
import { type Ids, ulids } from '../core/ids.ts';
import type { ApprovalDecision, JournalEntry } from '../core/journal.ts';
import type { MemoryDesk } from '../core/memory.ts';
import type { ModelsDesk } from '../core/models.ts';
import type { SecretsDesk } from '../core/secrets.ts';
import type { TreeNode } from '../core/tree.ts';
import { GatewayError } from './gateway-error.ts';
import type { Welcome } from './link.ts';
import { memoryOver } from './memory-client.ts';
import { isTooLarge, TOO_LARGE } from './message-limit.ts';
import { type ConnectionOptions, createResilientLink, type Question, type Repeat } from './resilient-link.ts';
import { createWatches, type Watch } from './watches.ts';

/**
 * A connection to a running assistant. When it is lost it is made again, subscriptions go on from where they
 * were, and what may be asked twice is asked again; so a reconnect loses and doubles nothing. What may not
 * (`interrupt`, `revoke`, deleting and rotating secrets, adding to a document, forgetting, faults) rejects with `closed` when its answer is lost. Everything rejects with a
 * GatewayError.
 */
export interface GatewayClient {
  /** What the assistant said of itself at the last connect. */
  readonly welcome: Welcome;
  /** Resolves when the message is on disk. The same `messageId` again is the same message. */
  send(conversationId: string, text: string, options?: SendOptions): Promise<AcceptedInput>;
  interrupt(conversationId: string): Promise<AcceptedInput>;
  approve(
    conversationId: string,
    approvalId: string,
    decision: ApprovalDecision,
    reason?: string,
  ): Promise<AcceptedInput>;
  /** The newest entries, or the newest before a sequence number; oldest first. */
  history(conversationId: string, page?: { before?: number; limit?: number }): Promise<HistoryPage>;
  conversations(): Promise<readonly ConversationSummary[]>;
  /** What was said with words that begin as those of the query do; the best fit first. */
  search(query: string, limit?: number): Promise<readonly SearchHit[]>;
  approvals(conversationId?: string): Promise<readonly PendingApproval[]>;
  /** What became of a question; undefined where there never was one with this id. */
  approval(approvalId: string): Promise<ApprovalState | undefined>;
  grants(): Promise<readonly Grant[]>;
  /** Grants something beforehand; the same again is the same grant. */
  grant(grant: GrantRequest): Promise<Grant>;
  revoke(grantId: string): Promise<void>;
  /** The latest lines of the audit log, newest first. */
  audit(page?: { limit?: number; tool?: string; hash?: string }): Promise<readonly AuditEntry[]>;
  /** Whether the whole audit log is as it was written. */
  verifyAudit(): Promise<AuditVerdict>;
  /** What models cost and may cost. */
  budget(): Promise<BudgetReport>;
  readonly secrets: SecretsDesk;
  readonly models: ModelsDesk;
  readonly memory: MemoryDesk;
  tree(): Promise<TreeNode>;
  crash(path: string): Promise<void>;
  hang(path: string): Promise<void>;
  delay(path: string, milliseconds: number): Promise<void>;
  ping(): Promise<void>;
  /**
   * Hands over every entry after the cursor, in order and once each, and what is being written once caught up.
   * Resolves when the past has been handed over; `cursor` is where it ended. One for each conversation.
   */
  subscribe(conversationId: string, after: number, listener: (event: LiveEvent) => void): Promise<Watch>;
  close(): Promise<void>;
}

export interface SendOptions {
  /** `queue` unless given; `auto`: as the user chose for the conversation, else as configured. */
  readonly mode?: DeliveryMode | 'auto';
  readonly messageId?: string;
}

export interface AcceptedInput {
  readonly inboxId: string;
  /** Had been accepted before; perhaps by this very call, before a lost connection made it ask again. */
  readonly duplicate: boolean;
}

export interface HistoryPage {
  readonly entries: readonly JournalEntry[];
  readonly hasMore: boolean;
}

export interface ConnectOptions extends ConnectionOptions {
  /** For messages that are sent without an id of their own. */
  readonly ids?: Ids;
}

/** Rejects with a GatewayError where the first connection cannot be made. */
export async function connect(options: ConnectOptions): Promise<GatewayClient> {
  const { ids = ulids() } = options;
  const watches = createWatches((expected, question) => link.request(expected, question));
  const link = createResilientLink({ ...options, onFrame: watches.onFrame, onReconnected: watches.renew });
  await link.open();
  const { request } = link;
  const input = async (question: Question, repeat?: Repeat): Promise<AcceptedInput> => {
    const { inboxId, duplicate } = await request('accepted', question, repeat);
    return { inboxId, duplicate };
  };

  return {
    get welcome() {
      return link.welcome();
    },
    async send(conversationId, text, { mode = 'queue', messageId = ids.next() } = {}) {
      // Refused here, because a frame that is larger than the gateway receives would end the connection.
      if (isTooLarge(text)) throw new GatewayError('too-large', TOO_LARGE);
      return input({ type: 'send', conversationId, messageId, text, mode });
    },
    interrupt: (conversationId) => input({ type: 'interrupt', conversationId }, 'once'),
    approve: (conversationId, approvalId, decision, reason) =>
      input({
        type: 'approve',
        conversationId,
        approvalId,
        decision,
        answerId: ids.next(),
        ...(reason !== undefined && { reason }),
      }),
    async history(conversationId, page = {}) {
      const { entries, hasMore } = await request('history', { type: 'history', conversationId, ...page });
      return { entries, hasMore };
    },
    conversations: async () => (await request('conversations', { type: 'conversations' })).conversations,
    async search(query, limit) {
      const asked = { type: 'search', query, ...(limit !== undefined && { limit }) } as const;
      return (await request('search', asked)).hits;
    },
    async approvals(conversationId) {
      const where = conversationId === undefined ? {} : { conversationId };
      return (await request('approvals', { type: 'approvals', ...where })).approvals;
    },
    async approval(approvalId) {
      return (await request('approval', { type: 'approval', approvalId })).approval ?? undefined;
    },
    grants: async () => (await request('grants', { type: 'grants' })).grants,
    grant: async (grant) => (await request('granted', { type: 'grant', ...grant })).grant,
    revoke: async (grantId) => void (await request('done', { type: 'revoke', grantId }, 'once')),
    audit: async (page = {}) => (await request('audit', { type: 'audit', ...page })).entries,
    verifyAudit: async () => (await request('audit-verified', { type: 'audit-verify' })).verdict,
    budget: async () => (await request('budget', { type: 'budget' })).report,
    secrets: {
      list: async () => (await request('secrets', { type: 'secrets' })).report,
      set: async (secret) => void (await request('done', { type: 'secret-set', ...secret })),
      delete: async (name) => void (await request('done', { type: 'secret-delete', name }, 'once')),
      rotate: async () => (await request('secrets-rotated', { type: 'secret-rotate' }, 'once')).rotation,
    },
    models: {
      status: async () => (await request('models', { type: 'models' })).status,
      use: async (reference) => (await request('models', { type: 'model-use', reference })).status,
      setThinking: async (level) => (await request('models', { type: 'model-thinking', level })).status,
      providers: async () => (await request('model-providers', { type: 'model-providers' })).providers,
      async list(provider) {
        const asked = { type: 'model-list', ...(provider !== undefined && { provider }) } as const;
        return (await request('models-listed', asked)).offers;
      },
      async test(reference) {
        const asked = { type: 'model-test', ...(reference !== undefined && { reference }) } as const;
        return (await request('model-tested', asked)).trial;
      },
    },
    memory: memoryOver(request),
    tree: async () => (await request('tree', { type: 'tree' })).root,
    crash: async (path) => void (await request('done', { type: 'crash', path }, 'once')),
    hang: async (path) => void (await request('done', { type: 'hang', path }, 'once')),
    delay: async (path, milliseconds) =>
      void (await request('done', { type: 'delay', path, milliseconds }, 'once')),
    ping: async () => void (await request('pong', { type: 'ping' })),
    subscribe: watches.open,
    close: link.close,
  };
}
