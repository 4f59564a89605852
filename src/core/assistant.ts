import type { AuditEntry, AuditPage, AuditVerdict } from './audit.ts';
import type { BudgetReport, SpendingHistory } from './budget.ts';
import type { AgentOrder, ApprovalDecision, Aside, JournalEntry, Origin } from './journal.ts';
import type { JsonObject } from './json.ts';
import type { MemoryDesk } from './memory.ts';
import type { ModelsDesk } from './models.ts';
import type { RoutinesDesk } from './routines.ts';
import type { SecretsDesk } from './secrets.ts';
import type { ToolsDesk } from './tools.ts';
import type { TreeNode } from './tree.ts';
import type { UpkeepDesk } from './upkeep.ts';
import type { WorkDesk, WorkEvent } from './work.ts';

/**
 * The running actor system as its faces see it: the gateway, the terminal and the command line hold this and
 * nothing else of the tree.
 */
export interface Assistant {
  /**
   * Takes an input in for good: when the promise resolves it is on disk and will be acted on exactly once,
   * whatever happens to the process. The same channel and external id again is the same input.
   */
  accept(inbound: Inbound): Promise<Accepted>;
  /** Journal entries of one conversation, oldest first: those after, or those before, a sequence number. */
  entries(conversationId: string, page: EntryPage): Promise<readonly JournalEntry[]>;
  conversations(limit: number): Promise<readonly ConversationSummary[]>;
  /** The latest entries of a conversation that say which of its turns count, oldest first. */
  marks(conversationId: string): Promise<readonly JournalEntry[]>;
  /** Gives a conversation another title. Resolves false where there is no such conversation. */
  rename(conversationId: string, title: string): Promise<boolean>;
  /** What was said, in every conversation or in one: the best fit first, then the latest. */
  search(request: SearchRequest): Promise<readonly SearchHit[]>;
  pendingApprovals(conversationId?: string): Promise<readonly PendingApproval[]>;
  /** One question with what became of it; undefined where there never was one with this id. */
  approval(approvalId: string): Promise<ApprovalState | undefined>;
  grants(): Promise<readonly Grant[]>;
  /** Grants something beforehand. Rejects with kind `usage` where there is no such tool, or it cannot be granted. */
  addGrant(grant: GrantRequest): Promise<Grant>;
  /** Resolves false where there is no such grant (any more). */
  revokeGrant(grantId: string): Promise<boolean>;
  /** What models cost and may cost, today, this month, by model and by conversation. */
  budget(): Promise<BudgetReport>;
  /** What was spent in the last so many days, 366 at most. */
  spending(days: number): Promise<SpendingHistory>;
  /** The latest lines of the audit log, newest first. */
  audit(page: AuditPage): Promise<readonly AuditEntry[]>;
  /** Recomputes the chain of the whole audit log. */
  verifyAudit(): Promise<AuditVerdict>;
  readonly secrets: SecretsDesk;
  readonly models: ModelsDesk;
  readonly memory: MemoryDesk;
  readonly tools: ToolsDesk;
  readonly work: WorkDesk;
  readonly routines: RoutinesDesk;
  readonly upkeep: UpkeepDesk;
  /** Live entries and token deltas of a conversation, from now on. Returns the function that stops it. */
  watch(conversationId: string, listener: (event: LiveEvent) => void): () => void;
  /** The same of every conversation, those of sub-agents among them. */
  watchAll(listener: (conversationId: string, event: LiveEvent) => void): () => void;
  /** What becomes of jobs and runs of routines, from now on. A courtesy: their rows are the truth. */
  watchWork(listener: (event: WorkEvent) => void): () => void;
  tree(): TreeNode;
  status(): AssistantStatus;
  /** Fault injection: makes the actor at this path of the tree fail as if it had crashed. False if there is none. */
  crash(path: string): boolean;
  /**
   * Fault injection: the actor takes no more messages and its effects are not served, until its progress limit catches
   * it. False where there is none, or none that has such a limit.
   */
  hang(path: string): boolean;
  /** Fault injection: the actor's mailbox is not served for so many milliseconds. False where it has none. */
  delay(path: string, milliseconds: number): boolean;
}

/** Something that came in through a channel. */
export interface Inbound {
  /** The channel's name, for example `web` or `repl`. */
  readonly channel: string;
  /** The channel's own id of this input; unique per channel. A repeat is recognised by it. */
  readonly externalId: string;
  /** The conversation it belongs to. A new one is made where it does not exist. */
  readonly conversationId: string;
  readonly input: Input;
}

export type Input =
  | {
      readonly type: 'message';
      readonly text: string;
      /** Absent: as the user chose for the conversation, else as configured. */
      readonly mode?: DeliveryMode;
      /** Who wrote it, where it was not the user: it is heard, but it neither commands nor answers questions. */
      readonly origin?: Origin;
      /** Nobody is there to be asked: what would need an answer is refused. */
      readonly unattended?: true;
      /** A plan first: nothing consequential is done until the user has approved one. */
      readonly planning?: true;
      /** Where another conversation's turn gave the order. */
      readonly agent?: AgentOrder;
      /** What the program through which the user writes tells the model with it. */
      readonly aside?: Aside;
    }
  /** Told to the user in this conversation, in its turn, without an answer of the model. */
  | {
      readonly type: 'notice';
      readonly text: string;
      /** Who says so, in words. */
      readonly from: string;
      readonly origins?: readonly Origin[];
    }
  | { readonly type: 'interrupt' }
  | {
      readonly type: 'approval';
      readonly approvalId: string;
      readonly decision: ApprovalDecision;
      readonly reason: string | null;
    };

/**
 * What a message does when it arrives during a turn: wait for the turn to end, be seen by the model at its next
 * call, or stop the turn and start the next.
 */
export type DeliveryMode = 'queue' | 'steer' | 'interrupt';

export interface Accepted {
  readonly inboxId: string;
  readonly conversationId: string;
  /** True where this input had been accepted before. */
  readonly duplicate: boolean;
}

export interface EntryPage {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

export interface ConversationSummary {
  readonly conversationId: string;
  readonly channel: string;
  readonly title: string | null;
  readonly createdAt: string;
  readonly lastActiveAt: string;
  readonly cursor: number;
  readonly busy: boolean;
}

export interface SearchRequest {
  /** Words, in any order. Each must begin some word of what is found. */
  readonly query: string;
  readonly limit: number;
  readonly conversationId?: string;
}

export interface SearchHit {
  readonly conversationId: string;
  readonly title: string | null;
  /** The entry that says it. */
  readonly seq: number;
  readonly at: string;
  readonly by: 'user' | 'assistant' | 'notice';
  /** What stands around the first word that was found, on one line. */
  readonly snippet: string;
  /** Why the conversation does not show it any more; null: it does. */
  readonly hidden: 'undone' | 'cleared' | null;
}

export interface PendingApproval {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly reason: string;
  readonly allowAlways: boolean;
  /** What "always" and "for this conversation" would cover, in words. */
  readonly scope?: string;
  /** Whose words, other than the user's, had a hand in it. */
  readonly origins: readonly Origin[];
  readonly requestedAt: string;
}

/** A question to the user and what became of it. */
export interface ApprovalState extends PendingApproval {
  /** Null while it waits; `withdrawn`: the turn ended before it was answered. */
  readonly decision: ApprovalDecision | 'withdrawn' | null;
  /** ISO 8601; null while it waits. */
  readonly decidedAt: string | null;
  /** What the user said with a refusal. */
  readonly decisionReason: string | null;
}

/** What may be done without asking. */
export interface Grant {
  readonly grantId: string;
  readonly tool: string;
  /** What it covers, in words: `any arguments`, `files in /srv/notes`. */
  readonly scope: string;
  readonly grantedAt: string;
  /** ISO 8601; null: until it is revoked. */
  readonly expiresAt: string | null;
  /** The one conversation it counts in; null: every one, and routines. */
  readonly conversationId: string | null;
  /** Whether it also covers calls that words from outside had a hand in. */
  readonly influenced: boolean;
  /** The tool is not what it was when this was granted, so that it covers nothing any more. */
  readonly outdated: boolean;
}

export interface GrantRequest {
  readonly tool: string;
  /** Only calls whose every target is among these, as a path (with all beneath it), host, recipient …; none: any. */
  readonly targets: readonly string[];
  /** ISO 8601. */
  readonly expiresAt?: string;
  readonly influenced: boolean;
}

export type LiveEvent =
  | { readonly type: 'entry'; readonly entry: JournalEntry }
  /**
   * A piece of the answer that is being written. `offset` counts UTF-16 units from the start of this model call,
   * so a reader that joined late can tell that it missed something; an offset of 0 begins anew, and what was told of
   * this call before is void. Never stored: the entry that follows is.
   */
  | { readonly type: 'delta'; readonly effectId: string; readonly offset: number; readonly text: string }
  /** Why it takes longer: the model's server is asked again, another model is tried. Never stored. */
  | { readonly type: 'progress'; readonly effectId: string; readonly text: string };

export interface AssistantStatus {
  readonly ready: boolean;
  readonly version: string;
  readonly startedAt: string;
  readonly database: string;
  readonly model: string;
}
