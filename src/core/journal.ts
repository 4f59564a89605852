import type { JsonObject } from './json.ts';

/**
 * What a conversation's journal says happened. The journal is the truth about a conversation: its transcript,
 * the state of a running turn and everything a client shows are derived from these entries. Sequence numbers
 * are gap-free within a conversation, so a number is also a cursor: a reader that has seen `n` asks for what
 * comes after `n` and can neither miss nor double anything.
 */
export type JournalEntry = { readonly seq: number; readonly at: string } & JournalRecord;

/** An entry before it has a place and a time. `effectId` ties the two ends of an effect together. */
export type JournalRecord =
  | {
      readonly type: 'turn.began';
      readonly turnId: string;
      readonly messages: readonly UserMessage[];
      readonly route: Route;
      /** Where nobody is there to be asked: a routine, a heartbeat. */
      readonly unattended?: true;
      /** Nothing consequential is done until the user has approved a plan. */
      readonly planning?: true;
      /** Where it is the work of another conversation's turn. */
      readonly agent?: AgentOrder;
      /** The rules could not tell the route, which is their guess: a model is asked. */
      readonly unsure?: true;
      readonly aside?: Aside;
    }
  /** What the message was understood as, where the rules alone could not tell. */
  | {
      readonly type: 'turn.routed';
      readonly turnId: string;
      readonly effectId: string;
      readonly route: Route;
    }
  /** What the assistant's own loop told the model: that it repeats itself, that a limit is near. */
  | {
      readonly type: 'turn.nudged';
      readonly turnId: string;
      readonly reason: NudgeReason;
      readonly text: string;
    }
  | { readonly type: 'turn.steered'; readonly turnId: string; readonly messages: readonly UserMessage[] }
  | {
      readonly type: 'model.requested';
      readonly turnId: string;
      readonly effectId: string;
      readonly iteration: number;
    }
  | {
      readonly type: 'model.completed';
      readonly turnId: string;
      readonly effectId: string;
      readonly model: string;
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly usage: Usage;
      /** What it cost, in millionths of a US dollar. Absent where the price is not known. */
      readonly costMicroUsd?: number;
      readonly durationMs?: number;
      /** The answer ended because the model may write no more, not because it was done. */
      readonly cut?: true;
      /** For the user: that a budget is nearly used up, that another model answered. */
      readonly notices?: readonly string[];
      /** Whose words, other than the user's, the model had before it; see `Origin`. Calls of the answer inherit them. */
      readonly origins?: readonly Origin[];
    }
  | {
      readonly type: 'model.failed';
      readonly turnId: string;
      readonly effectId: string;
      readonly error: ModelFailure;
    }
  | {
      readonly type: 'tool.requested';
      readonly turnId: string;
      readonly effectId: string;
      readonly callId: string;
      readonly tool: string;
      readonly arguments: JsonObject;
    }
  | {
      readonly type: 'tool.completed';
      readonly turnId: string;
      readonly effectId: string;
      readonly callId: string;
      readonly tool: string;
      readonly outcome: ToolOutcome;
      /** What the tool answered, or what went wrong, in full; models are shown less of a long one. */
      readonly content: string;
      readonly durationMs: number;
      /** Whose words, other than the user's, the content holds. */
      readonly origins?: readonly Origin[];
      /** What in them reads like orders to the assistant: `override of instructions`. A mere warning. */
      readonly warnings?: readonly string[];
    }
  | {
      readonly type: 'tool.refused';
      readonly turnId: string;
      readonly callId: string;
      readonly tool: string;
      readonly content: string;
    }
  | {
      readonly type: 'approval.requested';
      readonly turnId: string;
      readonly approvalId: string;
      readonly callId: string;
      readonly tool: string;
      readonly arguments: JsonObject;
      readonly reason: string;
      /** False where the tool must be asked for each time, whatever was granted before. */
      readonly allowAlways: boolean;
      /** What "always" and "for this conversation" would cover, in words. */
      readonly scope?: string;
      /** Whose words, other than the user's, had a hand in it. */
      readonly origins?: readonly Origin[];
      /** Of this very call of this very tool: only what was shown may run. */
      readonly fingerprint?: string;
    }
  | {
      readonly type: 'approval.decided';
      readonly turnId: string;
      readonly approvalId: string;
      readonly callId: string;
      readonly tool: string;
      readonly decision: ApprovalDecision;
      readonly reason: string | null;
    }
  | {
      readonly type: 'command.completed';
      readonly turnId: string;
      readonly effectId: string;
      readonly command: string;
      readonly text: string;
      /** The conversation that whoever typed it is taken to. */
      readonly opens?: string;
    }
  | {
      readonly type: 'turn.replied';
      readonly turnId: string;
      readonly outboxId: string;
      readonly text: string;
      readonly finish: Finish;
      readonly usage: Usage;
      /** Of an interrupted answer: whose words, other than the user's, the model had before it. */
      readonly origins?: readonly Origin[];
    }
  /** Passages of memory that the model was given with the user's message. */
  | {
      readonly type: 'memory.recalled';
      readonly turnId: string;
      readonly passages: readonly RecalledPassage[];
      readonly origins?: readonly Origin[];
    }
  /**
   * From here on the model is shown the summary in place of these turns. Nothing is lost: the turns stay in the
   * journal, and `history.expanded` shows them again.
   */
  | {
      readonly type: 'history.compacted';
      readonly turnId: string;
      readonly compactionId: string;
      readonly turnIds: readonly string[];
      readonly summary: string;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      readonly origins?: readonly Origin[];
    }
  | { readonly type: 'history.expanded'; readonly compactionId: string }
  /** Something that the user is told and did not ask for just now: of a sub-agent, a routine, another conversation. */
  | {
      readonly type: 'notice.posted';
      readonly noticeId: string;
      readonly outboxId: string;
      readonly text: string;
      /** Who says so, in words. */
      readonly from: string;
      readonly origins?: readonly Origin[];
    }
  /** The given turns are hidden from the transcript (`undo`) or shown again (`redo`). */
  | {
      readonly type: 'history.changed';
      readonly change: 'undo' | 'redo' | 'clear';
      readonly turnIds: readonly string[];
    }
  /** An accepted input that could not be used; says why, so that nothing accepted vanishes silently. */
  | { readonly type: 'input.refused'; readonly inboxId: string; readonly reason: string };

/** The records of one type. */
export type RecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { readonly type: T }>;

export interface UserMessage {
  /** The inbox row it was accepted as. */
  readonly inboxId: string;
  readonly text: string;
  /** Who wrote it, where it was not the user. */
  readonly origin?: Origin;
}

/**
 * What a sub-agent, a job or a routine was told to do, and with what. Its conversation is its own; its reply is the
 * result of whatever ordered it.
 */
export interface AgentOrder {
  readonly parentConversationId: string;
  /** The turn of the parent that pays. */
  readonly parentTurnId: string;
  /** How many agents stand above it; 1 for one that the user's own conversation began. */
  readonly depth: number;
  /** The tools it may use, by name. */
  readonly tools: readonly string[];
  /** What it may cost, in millionths of a US dollar; null: what its parents may. */
  readonly budgetMicroUsd: number | null;
  readonly maxIterations: number;
  /** Whose words, other than the user's, had a hand in the order. */
  readonly origins: readonly Origin[];
  /** What it is done for, where that is no turn of a conversation; that pays for it, out of its parent's budgets. */
  readonly purpose?: Purpose;
  /** Tokens that it may read and write; absent: as any turn. */
  readonly maxTokens?: number;
  /** Minutes that it may work; absent: as any turn. */
  readonly maxMinutes?: number;
  /** The order is in the user's own words: it asks for calls as a message of theirs would. */
  readonly byUser?: true;
  /** What needs the user's yes is asked, and waited for; absent: it is refused. */
  readonly mayAsk?: true;
}

/** Work that nobody waits for in a conversation. `id` is that of the job, of the routine's run, of the beat. */
export interface Purpose {
  readonly kind: 'job' | 'routine' | 'heartbeat';
  readonly id: string;
  /** The routine or job that this is part of, which pays as well; null: none. */
  readonly within:
    | { readonly kind: 'job'; readonly id: string }
    /** A routine has a budget for each day of the user's: the one in which its run began (`2026-11-21`) pays. */
    | { readonly kind: 'routine'; readonly id: string; readonly day: string }
    | null;
}

/** What a program tells the model along with a message, for that turn only. They are no words of the user's. */
export interface Aside {
  /** How to answer. */
  readonly instructions?: string;
  /** What was said before, elsewhere, as the program tells it. */
  readonly earlier?: string;
  /** Whose words, other than the user's, `earlier` holds. */
  readonly origins?: readonly Origin[];
}

export interface RecalledPassage {
  /** The document of memory. */
  readonly path: string;
  readonly text: string;
}

/**
 * - `announced`: it said what it would do and did not do it;
 * - `cut-off`: its calls were cut off by its output limit;
 * - `repeating`: it makes the same call again and again, with the same result;
 * - `limit-near`: one more step is left;
 * - `limit-reached`, `no-progress`: it may call no more tools in this turn.
 */
export type NudgeReason =
  | 'announced'
  | 'cut-off'
  | 'repeating'
  | 'limit-near'
  | 'limit-reached'
  | 'no-progress';

/**
 * Where words come from that are not the user's own: a page, a file, a message of a stranger. In words, for people:
 * `the file notes.txt`, `weather (api.weather.example)`. What a model does with such words before it is under their
 * influence.
 */
export type Origin = string;

/** How the router understood the user's message. */
export type Route = 'command' | 'query' | 'task';

export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input: read from the provider's cache. */
  readonly cacheReadTokens?: number;
  /** Of the input: written to the provider's cache. */
  readonly cacheWriteTokens?: number;
}

/** `conversation`: from now on in this conversation; `always`: in every one. Both cover the scope that was shown. */
export type ApprovalDecision = 'once' | 'conversation' | 'always' | 'deny';

/**
 * `unknown`: the process stopped while the effect ran, so it may or may not have happened; it was not repeated.
 * `abandoned`: the turn was interrupted while it ran.
 */
export type ToolOutcome = 'succeeded' | 'failed' | 'unknown' | 'abandoned';

/** How a turn ended. Each turn ends in exactly one reply, whatever happened. */
export type Finish = 'answered' | 'failed' | 'interrupted' | 'limited';

export interface ModelFailure {
  readonly kind:
    | 'unauthorized'
    | 'rate-limited'
    | 'unreachable'
    | 'broken-stream'
    | 'bad-response'
    | 'context-too-long'
    | 'timeout'
    | 'interrupted'
    | 'unavailable'
    /** The provider has no model of that name. */
    | 'unknown-model'
    /** The account has nothing left to pay with. */
    | 'no-credit'
    /** It finished and had said nothing. */
    | 'empty'
    /** A budget of the user's is used up; the question that the message asks is `budget`'s. */
    | 'budget';
  /** For the user: what happened and what to do. Never contains a key. */
  readonly message: string;
  readonly retryAfterMs?: number;
  /** Of kind `budget`: which one, so that the user can be asked to extend it. */
  readonly budget?: BudgetStop;
}

/** A budget that does not cover what the next model call may cost. Amounts are millionths of a US dollar. */
export interface BudgetStop {
  /** Names the budget and its period, for example `user-day/2026-11-21`. */
  readonly scope: string;
  /** In words: `today's budget`, `the budget of this conversation`. */
  readonly name: string;
  readonly limitMicroUsd: number;
  readonly spentMicroUsd: number;
  /** What the step may cost that was stopped. */
  readonly nextMicroUsd: number;
  /** What a yes adds to the budget: its own limit, and more where the step would not fit even then. */
  readonly moreMicroUsd: number;
}
