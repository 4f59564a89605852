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
import type { ApprovalDecision, JournalEntry } from '../core/journal.ts';
import type { MemoryDesk } from '../core/memory.ts';
import type { ModelsDesk } from '../core/models.ts';
import type { SecretsDesk } from '../core/secrets.ts';
import type { TreeNode } from '../core/tree.ts';

/** What the terminal and the command line need of the gateway's client. */
export interface Client {
  readonly welcome: { readonly version: string; readonly model: string };
  send(
    conversationId: string,
    text: string,
    options?: { readonly mode?: DeliveryMode | 'auto'; readonly messageId?: string },
  ): Promise<{ readonly inboxId: string }>;
  interrupt(conversationId: string): Promise<unknown>;
  approve(
    conversationId: string,
    approvalId: string,
    decision: ApprovalDecision,
    reason?: string,
  ): Promise<unknown>;
  history(
    conversationId: string,
    page: { readonly before?: number; readonly limit?: number },
  ): Promise<{ readonly entries: readonly JournalEntry[]; readonly hasMore: boolean }>;
  conversations(): Promise<readonly ConversationSummary[]>;
  search(query: string, limit?: number): Promise<readonly SearchHit[]>;
  approvals(conversationId?: string): Promise<readonly PendingApproval[]>;
  approval(approvalId: string): Promise<ApprovalState | undefined>;
  grants(): Promise<readonly Grant[]>;
  grant(grant: GrantRequest): Promise<Grant>;
  revoke(grantId: string): Promise<unknown>;
  audit(page: { limit?: number; tool?: string; hash?: string }): Promise<readonly AuditEntry[]>;
  verifyAudit(): Promise<AuditVerdict>;
  budget(): Promise<BudgetReport>;
  readonly secrets: SecretsDesk;
  readonly models: ModelsDesk;
  readonly memory: MemoryDesk;
  tree(): Promise<TreeNode>;
  subscribe(
    conversationId: string,
    after: number,
    listener: (event: LiveEvent) => void,
  ): Promise<{ readonly cursor: number; stop(): unknown }>;
  close(): Promise<unknown>;
}

export type ConnectionState = 'connected' | 'reconnecting' | 'closed';
