import type { AuditEntry, AuditPage } from './audit.ts';
import type { ApprovalDecision, JournalEntry } from './journal.ts';
import type { JsonObject } from './json.ts';
import type { SecretsDesk } from './secrets.ts';
import type { TreeNode } from './tree.ts';

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
  pendingApprovals(conversationId?: string): Promise<readonly PendingApproval[]>;
  grants(): Promise<readonly Grant[]>;
  /** Resolves false where there is no such grant (any more). */
  revokeGrant(grantId: string): Promise<boolean>;
  /** The latest lines of the audit log, newest first. */
  audit(page: AuditPage): Promise<readonly AuditEntry[]>;
  readonly secrets: SecretsDesk;
  /** Live entries and token deltas of a conversation, from now on. Returns the function that stops it. */
  watch(conversationId: string, listener: (event: LiveEvent) => void): () => void;
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
  | { readonly type: 'message'; readonly text: string; readonly mode: DeliveryMode }
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
  readonly lastActiveAt: string;
  readonly cursor: number;
  readonly busy: boolean;
}

export interface PendingApproval {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly reason: string;
  readonly allowAlways: boolean;
  readonly requestedAt: string;
}

/** A stored "always": which tool may run without being asked for, and where. */
export interface Grant {
  readonly grantId: string;
  readonly tool: string;
  /** What the grant covers, in words for the user, for example `any arguments, every conversation`. */
  readonly scope: string;
  readonly grantedAt: string;
}

export type LiveEvent =
  | { readonly type: 'entry'; readonly entry: JournalEntry }
  /**
   * A piece of the answer that is being written. `offset` counts UTF-16 units from the start of this model call,
   * so a reader that joined late can tell that it missed something. Never stored: the entry that follows is.
   */
  | { readonly type: 'delta'; readonly effectId: string; readonly offset: number; readonly text: string };

export interface AssistantStatus {
  readonly ready: boolean;
  readonly version: string;
  readonly startedAt: string;
  readonly database: string;
  readonly model: string;
}
