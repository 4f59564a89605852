import type { TurnContext, TurnRequests, turnMachine } from '../machines/turn.ts';
import type { JournalEntry, JournalRecord, Origin, ToolCall } from '../src/core/journal.ts';
import { findCall, type MadeCall } from '../src/llm/index.ts';
import type { OutboxMessage, Rows, StepView } from '../src/runtime/durable/index.ts';
import type { Statement } from '../src/storage/index.ts';
import { conversationOf } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import type { TurnRequest } from './model-call.ts';
import type { Transcript } from './transcript.ts';

/** What the turn's declaration is spoken of in; see `DurableTypes`. */
export interface TurnTypes {
  readonly requests: TurnRequests;
  readonly scope: TurnScope;
  readonly record: JournalRecord;
  readonly write: Statement;
}

export type TurnRows = Rows<TurnTypes>;
export type TurnView = StepView<typeof turnMachine, TurnTypes>;

/** What a turn has at hand: its conversation, and the world outside. */
export class TurnScope {
  readonly env: Environment;
  readonly conversationId: string;
  readonly transcript: Transcript;
  /** Requests to the model that are being made while their step is committed, by effect. */
  readonly prepared = new Map<string, Promise<TurnRequest>>();
  /** What the model has written so far in the call that runs, as it wrote it. */
  partialText = '';
  /** Whose words, other than the user's, it has before it in that call. */
  origins: readonly Origin[] = [];

  /** @param key of the conversation's actor */
  constructor(env: Environment, key: string, transcript: Transcript) {
    this.env = env;
    this.conversationId = conversationOf(key);
    this.transcript = transcript;
  }

  /** Now, ISO 8601. */
  get at(): string {
    return new Date(this.env.clock.now()).toISOString();
  }

  call(callId: string): ToolCall {
    return this.madeCall(callId).call;
  }

  madeCall(callId: string): MadeCall {
    const made = findCall(this.transcript.entries, callId);
    if (!made) throw new Error(`no call ${callId} in the journal of conversation ${this.conversationId}`);
    return made;
  }

  /** Lets everybody know who may know it now. */
  committed(entries: readonly JournalEntry[], replies: readonly OutboxMessage[]): void {
    const { feed, hints } = this.env;
    this.transcript.append(entries);
    for (const entry of entries) feed.publish(this.conversationId, { type: 'entry', entry });
    for (const { channel, id } of replies) hints.replyPrepared(channel, id);
    // That a job asks is told elsewhere as well.
    if (entries.some(({ type }) => type === 'approval.requested')) hints.notificationWritten();
  }
}

/** The call that a question to the user is about, while it is open. */
export function askedCall({ calls }: TurnContext, approvalId: string) {
  return calls.filter((call) => call.state === 'asking').find((call) => call.approvalId === approvalId);
}
