import type {
  ApprovalState,
  ConversationSummary,
  DeliveryMode,
  Grant,
  GrantRequest,
  PendingApproval,
  SearchHit,
} from './assistant.ts';
import type { AuditEntry, AuditVerdict } from './audit.ts';
import type { BudgetReport } from './budget.ts';
import type { ApprovalDecision, JournalEntry } from './journal.ts';
import type {
  ForgetReport,
  ForgetTarget,
  MemoryBranch,
  MemoryHistory,
  MemoryHits,
  MemoryStatus,
  MemoryStep,
  MemoryText,
  MemoryWrite,
  MemoryWritten,
  TidyReport,
  UndoOutcome,
} from './memory.ts';
import type { ModelOffer, ModelProvider, ModelsStatus, ModelTrial, ThinkingChoice } from './models.ts';
import type { SecretsReport, SecretsRotation } from './secrets.ts';
import type { TreeNode } from './tree.ts';

/**
 * The WebSocket protocol: one JSON object a text frame. Every request carries a `requestId` chosen by the
 * client; exactly one answer with that id comes back (`error` being one of them). Frames without a `requestId`
 * are pushed by subscriptions.
 */
export type ClientFrame =
  /** Push what happened after `after` in a conversation (0: from its beginning), then what happens. */
  | {
      readonly type: 'subscribe';
      readonly requestId: string;
      readonly conversationId: string;
      readonly after: number;
    }
  | { readonly type: 'unsubscribe'; readonly requestId: string; readonly conversationId: string }
  /** `messageId` is the client's own; sending it again after a lost connection does not send the message twice. */
  | {
      readonly type: 'send';
      readonly requestId: string;
      readonly conversationId: string;
      readonly messageId: string;
      readonly text: string;
      /** `auto`: as the user chose for the conversation, else as configured. Absent: `queue`. */
      readonly mode?: DeliveryMode | 'auto';
    }
  | { readonly type: 'interrupt'; readonly requestId: string; readonly conversationId: string }
  /**
   * `answerId` is the client's own, as `messageId` is: two answers are told apart by it. Without one, the same
   * decision from anywhere is the same answer.
   */
  | {
      readonly type: 'approve';
      readonly requestId: string;
      readonly conversationId: string;
      readonly approvalId: string;
      readonly decision: ApprovalDecision;
      readonly reason?: string;
      readonly answerId?: string;
    }
  | {
      readonly type: 'history';
      readonly requestId: string;
      readonly conversationId: string;
      readonly before?: number;
      readonly limit?: number;
    }
  | { readonly type: 'conversations'; readonly requestId: string }
  /** What was said: each word of the query begins some word of it. */
  | {
      readonly type: 'search';
      readonly requestId: string;
      readonly query: string;
      readonly limit?: number;
      /** In this conversation only. */
      readonly conversationId?: string;
    }
  | { readonly type: 'approvals'; readonly requestId: string; readonly conversationId?: string }
  | { readonly type: 'approval'; readonly requestId: string; readonly approvalId: string }
  | { readonly type: 'grants'; readonly requestId: string }
  /** Grants something beforehand. */
  | ({ readonly type: 'grant'; readonly requestId: string } & GrantRequest)
  | { readonly type: 'revoke'; readonly requestId: string; readonly grantId: string }
  | {
      readonly type: 'audit';
      readonly requestId: string;
      readonly limit?: number;
      readonly tool?: string;
      /** The one line that has it. */
      readonly hash?: string;
    }
  | { readonly type: 'audit-verify'; readonly requestId: string }
  | { readonly type: 'budget'; readonly requestId: string }
  | { readonly type: 'secrets'; readonly requestId: string }
  /** The one frame that holds a secret's value. */
  | {
      readonly type: 'secret-set';
      readonly requestId: string;
      readonly name: string;
      readonly value: string;
      readonly expiresAt?: string;
    }
  | { readonly type: 'secret-delete'; readonly requestId: string; readonly name: string }
  | { readonly type: 'secret-rotate'; readonly requestId: string }
  | { readonly type: 'models'; readonly requestId: string }
  | { readonly type: 'model-use'; readonly requestId: string; readonly reference: string }
  | { readonly type: 'model-thinking'; readonly requestId: string; readonly level: ThinkingChoice }
  | { readonly type: 'model-list'; readonly requestId: string; readonly provider?: string }
  | { readonly type: 'model-providers'; readonly requestId: string }
  | { readonly type: 'model-test'; readonly requestId: string; readonly reference?: string }
  | {
      readonly type: 'memory-search';
      readonly requestId: string;
      readonly query: string;
      readonly limit?: number;
      /** Only beneath this one. */
      readonly folder?: string;
    }
  | {
      readonly type: 'memory-read';
      readonly requestId: string;
      readonly path: string;
      readonly version?: number;
    }
  | ({ readonly type: 'memory-write'; readonly requestId: string } & MemoryWrite)
  | {
      readonly type: 'memory-tree';
      readonly requestId: string;
      /** Empty: all of memory. */
      readonly folder: string;
      readonly depth?: number;
    }
  /** The next paths after one, in a fixed order. */
  | {
      readonly type: 'memory-paths';
      readonly requestId: string;
      readonly after?: string;
      readonly limit?: number;
    }
  | { readonly type: 'memory-history'; readonly requestId: string; readonly path: string }
  | { readonly type: 'memory-status'; readonly requestId: string }
  /** Dry: only tells what would be done. */
  | { readonly type: 'memory-tidy'; readonly requestId: string; readonly dryRun: boolean }
  | { readonly type: 'memory-steps'; readonly requestId: string; readonly limit?: number }
  | { readonly type: 'memory-undo'; readonly requestId: string; readonly stepId: string }
  | {
      readonly type: 'memory-forget';
      readonly requestId: string;
      readonly target: ForgetTarget;
      readonly dryRun: boolean;
    }
  | { readonly type: 'tree'; readonly requestId: string }
  | { readonly type: 'ping'; readonly requestId: string }
  /** Fault injection, refused unless the server was started with it. */
  | { readonly type: 'crash'; readonly requestId: string; readonly path: string }
  | { readonly type: 'hang'; readonly requestId: string; readonly path: string }
  | {
      readonly type: 'delay';
      readonly requestId: string;
      readonly path: string;
      readonly milliseconds: number;
    };

export type ServerFrame =
  | { readonly type: 'welcome'; readonly version: string; readonly model: string }
  | {
      readonly type: 'subscribed';
      readonly requestId: string;
      readonly conversationId: string;
      readonly cursor: number;
    }
  | { readonly type: 'entry'; readonly conversationId: string; readonly entry: JournalEntry }
  | {
      readonly type: 'delta';
      readonly conversationId: string;
      readonly effectId: string;
      readonly offset: number;
      readonly text: string;
    }
  /** Why the answer takes longer; see `LiveEvent`. */
  | {
      readonly type: 'progress';
      readonly conversationId: string;
      readonly effectId: string;
      readonly text: string;
    }
  /** On disk; it will be acted on exactly once. */
  | {
      readonly type: 'accepted';
      readonly requestId: string;
      readonly conversationId: string;
      readonly inboxId: string;
      readonly duplicate: boolean;
    }
  | {
      readonly type: 'history';
      readonly requestId: string;
      readonly conversationId: string;
      readonly entries: readonly JournalEntry[];
      readonly hasMore: boolean;
    }
  | {
      readonly type: 'conversations';
      readonly requestId: string;
      readonly conversations: readonly ConversationSummary[];
    }
  | { readonly type: 'search'; readonly requestId: string; readonly hits: readonly SearchHit[] }
  | { readonly type: 'approvals'; readonly requestId: string; readonly approvals: readonly PendingApproval[] }
  /** Null where there never was one with this id. */
  | { readonly type: 'approval'; readonly requestId: string; readonly approval: ApprovalState | null }
  | { readonly type: 'grants'; readonly requestId: string; readonly grants: readonly Grant[] }
  | { readonly type: 'granted'; readonly requestId: string; readonly grant: Grant }
  | { readonly type: 'audit'; readonly requestId: string; readonly entries: readonly AuditEntry[] }
  | { readonly type: 'audit-verified'; readonly requestId: string; readonly verdict: AuditVerdict }
  | { readonly type: 'budget'; readonly requestId: string; readonly report: BudgetReport }
  | { readonly type: 'secrets'; readonly requestId: string; readonly report: SecretsReport }
  | { readonly type: 'secrets-rotated'; readonly requestId: string; readonly rotation: SecretsRotation }
  | { readonly type: 'models'; readonly requestId: string; readonly status: ModelsStatus }
  | { readonly type: 'models-listed'; readonly requestId: string; readonly offers: readonly ModelOffer[] }
  | {
      readonly type: 'model-providers';
      readonly requestId: string;
      readonly providers: readonly ModelProvider[];
    }
  | { readonly type: 'model-tested'; readonly requestId: string; readonly trial: ModelTrial }
  | ({ readonly type: 'memory-hits'; readonly requestId: string } & MemoryHits)
  /** Null where there is no such document or version. */
  | { readonly type: 'memory-document'; readonly requestId: string; readonly document: MemoryText | null }
  | { readonly type: 'memory-written'; readonly requestId: string; readonly written: MemoryWritten }
  | { readonly type: 'memory-tree'; readonly requestId: string; readonly branches: readonly MemoryBranch[] }
  | { readonly type: 'memory-paths'; readonly requestId: string; readonly paths: readonly string[] }
  | { readonly type: 'memory-history'; readonly requestId: string; readonly history: MemoryHistory | null }
  | { readonly type: 'memory-status'; readonly requestId: string; readonly status: MemoryStatus }
  | { readonly type: 'memory-forgotten'; readonly requestId: string; readonly report: ForgetReport }
  | { readonly type: 'memory-tidied'; readonly requestId: string; readonly report: TidyReport }
  | { readonly type: 'memory-steps'; readonly requestId: string; readonly steps: readonly MemoryStep[] }
  | { readonly type: 'memory-undone'; readonly requestId: string; readonly outcome: UndoOutcome }
  | { readonly type: 'tree'; readonly requestId: string; readonly root: TreeNode }
  | { readonly type: 'done'; readonly requestId: string }
  | { readonly type: 'pong'; readonly requestId: string }
  | {
      readonly type: 'error';
      readonly requestId: string | null;
      readonly code: WireErrorCode;
      readonly message: string;
    };

export type WireErrorCode =
  | 'bad-frame'
  | 'too-large'
  | 'not-found'
  | 'forbidden'
  | 'too-slow'
  | 'busy'
  | 'storage'
  | 'shutting-down'
  | 'internal';

/** Longest message text taken in, in UTF-8 bytes. Longer ones are refused with `too-large` and nothing is lost. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
