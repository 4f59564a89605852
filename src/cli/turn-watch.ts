import { createAnswerStream } from '../core/answer-stream.ts';
import type { LiveEvent } from '../core/assistant.ts';
import type { ApprovalDecision, Finish, JournalEntry, Usage } from '../core/journal.ts';
import { type Question, settledText } from '../repl/index.ts';

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
  /** The question takes no answer any more; in words, why. */
  onSettled(approvalId: string, why: string): void;
  /** Something else that was said in this conversation, perhaps an answer, was not used. */
  onRefused(reason: string): void;
}

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

/** Picks the turn of one message out of everything that happens in its conversation. */
export class TurnWatch {
  readonly end: Promise<TurnEnd>;
  private readonly listener: TurnListener;
  private readonly toolCalls: ToolUse[] = [];
  private readonly resolve: (end: TurnEnd) => void;
  private readonly answer = createAnswerStream();
  private readonly questions = new Set<string>();
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
    else if (event.type === 'delta' && this.turnId !== undefined)
      this.listener.onText(this.answer.delta(event));
  }

  private feedEntry(entry: JournalEntry): void {
    if (entry.type === 'turn.began' || entry.type === 'turn.steered') this.join(entry);
    if (entry.type === 'input.refused') this.refused(entry);
    if ('turnId' in entry && entry.turnId === this.turnId) this.feedOwn(entry);
  }

  private join({ turnId, messages }: Entry<'turn.began'> | Entry<'turn.steered'>): void {
    if (messages.some(({ inboxId }) => inboxId === this.inboxId)) this.turnId = turnId;
  }

  private refused({ inboxId, reason }: Entry<'input.refused'>): void {
    if (inboxId === this.inboxId) this.resolve({ type: 'refused', reason });
    else this.listener.onRefused(reason);
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
        this.questions.add(entry.approvalId);
        this.listener.onQuestion(entry);
        break;
      case 'approval.decided':
        this.settle(entry.approvalId, entry.decision, entry.at, entry.reason);
        break;
      case 'turn.replied':
        this.replied(entry);
        break;
    }
  }

  private settle(
    approvalId: string,
    decision: ApprovalDecision | 'withdrawn',
    decidedAt: string,
    decisionReason: string | null,
  ): void {
    if (!this.questions.delete(approvalId)) return;
    this.listener.onSettled(approvalId, settledText({ decision, decidedAt, decisionReason }) ?? '');
  }

  private replied({ turnId, text, finish, usage, at }: Entry<'turn.replied'>): void {
    for (const approvalId of this.questions) this.settle(approvalId, 'withdrawn', at, null);
    this.listener.onText(this.answer.replied(text));
    this.resolve({ type: 'replied', turnId, reply: text, finish, toolCalls: this.toolCalls, usage });
  }
}
