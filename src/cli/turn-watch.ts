import type { LiveEvent } from '../core/assistant.ts';
import type { Finish, JournalEntry, Usage } from '../core/journal.ts';
import { createAnswerStream, type Question } from '../repl/index.ts';

/** How the turn of one message ended, or where it stopped. */
export type TurnEnd =
  | {
      readonly type: 'replied';
      readonly turnId: string;
      readonly reply: string;
      readonly finish: Finish;
      readonly toolCalls: readonly ToolUse[];
      readonly usage: Usage;
    }
  | { readonly type: 'refused'; readonly reason: string };

export interface ToolUse {
  readonly tool: string;
  /** A tool's outcome, or `refused` where it was not allowed to run. */
  readonly outcome: string;
}

export interface TurnListener {
  /** A part of the answer that was not written before. */
  onText(text: string): void;
  onQuestion(question: Question): void;
}

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

/** Picks the turn of one message out of everything that happens in its conversation. */
export class TurnWatch {
  readonly end: Promise<TurnEnd>;
  private readonly listener: TurnListener;
  private readonly toolCalls: ToolUse[] = [];
  private readonly resolve: (end: TurnEnd) => void;
  private readonly answer = createAnswerStream();
  private early: LiveEvent[] = [];
  private inboxId: string | undefined;
  private turnId: string | undefined;

  constructor(listener: TurnListener) {
    const { promise, resolve } = Promise.withResolvers<TurnEnd>();
    this.listener = listener;
    this.end = promise;
    this.resolve = resolve;
  }

  /** The id under which the message was taken in. What happened before it was known is looked at now. */
  accepted(inboxId: string): void {
    this.inboxId = inboxId;
    for (const event of this.early.splice(0)) this.feed(event);
  }

  feed(event: LiveEvent): void {
    if (this.inboxId === undefined) this.early.push(event);
    else if (event.type === 'entry') this.feedEntry(event.entry);
    else if (this.turnId !== undefined) this.listener.onText(this.answer.delta(event));
  }

  private feedEntry(entry: JournalEntry): void {
    if (entry.type === 'turn.began' || entry.type === 'turn.steered') this.join(entry);
    if (entry.type === 'input.refused' && entry.inboxId === this.inboxId) {
      this.resolve({ type: 'refused', reason: entry.reason });
    }
    if ('turnId' in entry && entry.turnId === this.turnId) this.feedOwn(entry);
  }

  private join({ turnId, messages }: Entry<'turn.began'> | Entry<'turn.steered'>): void {
    if (messages.some(({ inboxId }) => inboxId === this.inboxId)) this.turnId = turnId;
  }

  private feedOwn(entry: JournalEntry): void {
    switch (entry.type) {
      case 'model.completed':
      case 'command.completed':
        this.listener.onText(this.answer.completed(entry.effectId, entry.text));
        break;
      case 'tool.completed':
        this.toolCalls.push({ tool: entry.tool, outcome: entry.outcome });
        break;
      case 'tool.refused':
        this.toolCalls.push({ tool: entry.tool, outcome: 'refused' });
        break;
      case 'approval.requested':
        this.listener.onQuestion(entry);
        break;
      case 'turn.replied':
        this.replied(entry);
        break;
    }
  }

  private replied({ turnId, text, finish, usage }: Entry<'turn.replied'>): void {
    this.listener.onText(this.answer.replied(text));
    this.resolve({ type: 'replied', turnId, reply: text, finish, toolCalls: this.toolCalls, usage });
  }
}
