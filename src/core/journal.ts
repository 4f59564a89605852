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
    }
  | {
      readonly type: 'turn.replied';
      readonly turnId: string;
      readonly outboxId: string;
      readonly text: string;
      readonly finish: Finish;
      readonly usage: Usage;
    }
  /** The given turns are hidden from the transcript (`undo`) or shown again (`redo`). */
  | {
      readonly type: 'history.changed';
      readonly change: 'undo' | 'redo' | 'clear';
      readonly turnIds: readonly string[];
    }
  /** An accepted input that could not be used; says why, so that nothing accepted vanishes silently. */
  | { readonly type: 'input.refused'; readonly inboxId: string; readonly reason: string };

export interface UserMessage {
  /** The inbox row it was accepted as. */
  readonly inboxId: string;
  readonly text: string;
}

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
}

export type ApprovalDecision = 'once' | 'always' | 'deny';

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
    | 'unavailable';
  /** For the user: what happened and what to do. Never contains a key. */
  readonly message: string;
  readonly retryAfterMs?: number;
}
