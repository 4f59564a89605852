import { createAnswerStream } from '../core/answer-stream.ts';
import type { LiveEvent } from '../core/assistant.ts';
import type { JournalEntry, UserMessage } from '../core/journal.ts';
import { PLAN_TOOL } from '../plan/index.ts';
import { intentOf, refusalCard, toolCard } from './cards.ts';
import { createMarkdown } from './markdown.ts';
import { createPlainText, plainText } from './plain-text.ts';
import { createPlanCards, type PlanCards } from './plan-card.ts';
import { type Question, questionCard } from './question.ts';
import { createSeenCalls } from './seen-calls.ts';
import { settledText, verdictText } from './settled.ts';
import type { Style } from './style.ts';
import { createTally, type Tally } from './tally.ts';

/** Where the view paints. */
export interface Canvas {
  readonly columns: number;
  write(text: string): void;
  lines(text: string): void;
  endLine(): void;
}

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

const THINKING = 'thinking';

/**
 * Shows one conversation as it happens. What the user said is shown when the journal says it began to count, so
 * that a message of this terminal, of the browser and of before a restart all stand in their true order.
 */
export class ConversationView {
  private readonly canvas: Canvas;
  private readonly style: Style;
  private readonly intents = new Map<string, string>();
  private readonly runningTools = new Map<string, string>();
  private readonly questions = new Map<string, Question>();
  private readonly taken = new Set<string>();
  private readonly plans: PlanCards;
  private readonly calls = createSeenCalls();
  readonly tally: Tally = createTally();
  private asked: string | undefined;
  private settledQuestion: string | undefined;
  private turnId: string | undefined;
  private failure: string | undefined;
  private delay = THINKING;
  private answer = createAnswerStream();
  private plain = createPlainText();
  private markdown;

  constructor(canvas: Canvas, style: Style) {
    this.canvas = canvas;
    this.style = style;
    this.plans = createPlanCards(style);
    this.markdown = createMarkdown(style);
  }

  /** Where a command leads, and the input that it was. */
  opened: { readonly conversationId: string; readonly by: string } | undefined;
  private command: string | undefined;

  /** A turn is running, or waits for an answer. */
  get busy(): boolean {
    return this.turnId !== undefined;
  }

  /** The question that stands on the screen and that `1` to `4` would answer. */
  get question(): Question | undefined {
    return this.asked === undefined ? undefined : this.questions.get(this.asked);
  }

  /** What became of the last question that this view has seen settled, in words; undefined where there was none. */
  get settled(): string | undefined {
    return this.settledQuestion;
  }

  /** What is going on right now, in a few words; empty when nothing is. */
  get activity(): string {
    if (!this.busy) return '';
    const waiting = this.questions.size;
    if (waiting > 0) return waiting === 1 ? 'waiting for your answer' : `waiting for ${waiting} answers`;
    const tools = [...this.runningTools.values()];
    return tools.length > 0 ? `running ${tools.join(', ')}` : this.delay;
  }

  /** Whether the journal has said what became of this input. */
  hasTaken(inboxId: string): boolean {
    return this.taken.has(inboxId);
  }

  /** Shows the latest call in full, then with each time the one before it; false when there are no more. */
  expandCall(): boolean {
    const text = this.calls.next(this.style, this.canvas.columns);
    if (text !== undefined) this.canvas.lines(text);
    return text !== undefined;
  }

  show(event: LiveEvent): void {
    if (event.type === 'entry') this.showEntry(event.entry);
    else if (event.type === 'delta') this.writeAnswer(this.answer.delta(event));
    else this.delay = event.text;
  }

  /** For questions that were open before this view began to watch. */
  ask(question: Question): void {
    this.questions.set(question.approvalId, question);
    this.askNext();
  }

  private showEntry(entry: JournalEntry): void {
    // A view that was opened during a turn has not seen it begin.
    if ('turnId' in entry) this.turnId = entry.turnId;
    this.tally.add(entry);
    switch (entry.type) {
      case 'turn.began':
        this.turnBegan(entry);
        break;
      case 'turn.steered':
        this.echo(entry.messages);
        this.canvas.lines(this.style.dim('  (seen with the next step)'));
        break;
      case 'model.requested':
        this.modelRequested();
        break;
      case 'model.completed':
        this.modelCompleted(entry);
        break;
      case 'model.failed':
        this.modelFailed(entry);
        break;
      case 'tool.requested':
        this.toolRequested(entry);
        break;
      case 'tool.completed':
        this.toolCompleted(entry);
        break;
      case 'tool.refused':
        this.calls.ended(entry);
        this.canvas.lines(refusalCard(entry, this.style, this.canvas.columns));
        break;
      case 'approval.requested':
        this.ask(entry);
        break;
      case 'approval.decided':
        this.approvalDecided(entry);
        break;
      case 'command.completed':
        this.commandCompleted(entry);
        break;
      case 'notice.posted':
        this.noticePosted(entry);
        break;
      case 'turn.replied':
        this.turnReplied(entry);
        break;
      case 'input.refused':
        this.inputRefused(entry);
        break;
    }
  }

  private turnBegan(entry: Entry<'turn.began'>): void {
    this.answer = createAnswerStream();
    this.command = entry.messages[0]?.inboxId;
    this.echo(entry.messages);
  }

  private commandCompleted({ effectId, text, opens }: Entry<'command.completed'>): void {
    this.writeWhole(this.answer.completed(effectId, text));
    if (opens !== undefined && this.command !== undefined)
      this.opened = { conversationId: opens, by: this.command };
  }

  private noticePosted({ noticeId, from, text, origins = [] }: Entry<'notice.posted'>): void {
    this.taken.add(noticeId);
    this.canvas.lines(this.style.warn(`◆ ${plainText(from)}`));
    this.canvas.lines(plainText(text));
    if (origins.length > 0)
      this.canvas.lines(this.style.dim(`  from outside: ${plainText(origins.join(', '))}`));
  }

  private echo(messages: readonly UserMessage[]): void {
    for (const { inboxId, text, origin } of messages) {
      this.taken.add(inboxId);
      const who = origin === undefined ? '' : `${plainText(origin)} `;
      this.canvas.lines(this.style.dim(who) + this.style.bold(this.style.accent(`› ${plainText(text)}`)));
    }
  }

  private modelRequested(): void {
    if (this.failure !== undefined) this.canvas.lines(this.style.dim(`${this.failure} Trying again.`));
    this.failure = undefined;
    this.delay = THINKING;
  }

  private modelCompleted(entry: Entry<'model.completed'>): void {
    this.writeWhole(this.answer.completed(entry.effectId, entry.text));
  }

  private modelFailed(entry: Entry<'model.failed'>): void {
    this.endAnswer();
    this.failure = plainText(entry.error.message);
  }

  private toolRequested(entry: Entry<'tool.requested'>): void {
    this.intents.set(entry.callId, intentOf(entry.arguments));
    this.calls.requested(entry);
    this.runningTools.set(entry.callId, plainText(entry.tool));
    if (entry.tool === PLAN_TOOL) this.plans.requested(entry.callId, entry.arguments);
  }

  private toolCompleted(entry: Entry<'tool.completed'>): void {
    const intent = this.intents.get(entry.callId) ?? '';
    this.runningTools.delete(entry.callId);
    this.calls.ended(entry);
    const plan = entry.outcome === 'succeeded' ? this.plans.completed(entry.callId) : undefined;
    this.canvas.lines(plan ?? toolCard(entry, intent, this.style, this.canvas.columns));
  }

  private approvalDecided(entry: Entry<'approval.decided'>): void {
    const { approvalId, tool, decision, reason, at } = entry;
    this.questions.delete(approvalId);
    this.settledQuestion = settledText({ decision, decidedAt: at, decisionReason: reason });
    this.canvas.lines(this.style.dim(`  ${plainText(tool)} ${verdictText(decision, reason)}`));
    this.askNext();
  }

  /** One question at a time: an answer must never fall to a question the user has not read. */
  private askNext(): void {
    if (this.question !== undefined) return;
    const next = this.questions.values().next().value;
    this.asked = next?.approvalId;
    if (next !== undefined) this.canvas.lines(questionCard(next, this.style, this.canvas.columns));
  }

  private turnReplied(entry: Entry<'turn.replied'>): void {
    this.writeWhole(this.answer.replied(entry.text));
    const note = this.finishNote(entry);
    if (note !== '') this.canvas.lines(note);
    this.turnId = undefined;
    this.failure = undefined;
    this.withdrawQuestions(entry.at);
    this.runningTools.clear();
    this.intents.clear();
  }

  private withdrawQuestions(at: string): void {
    if (this.questions.size > 0) {
      this.settledQuestion = settledText({ decision: 'withdrawn', decidedAt: at, decisionReason: null });
    }
    this.asked = undefined;
    this.questions.clear();
  }

  private finishNote({ finish, text }: Entry<'turn.replied'>): string {
    if (finish === 'interrupted') return this.style.dim('(interrupted)');
    if (finish === 'limited') return this.style.warn('(stopped at a limit)');
    if (finish !== 'failed') return '';
    const cause = this.failure !== undefined && !text.includes(this.failure) ? `: ${this.failure}` : '';
    return this.style.bad(`(failed${cause})`);
  }

  private inputRefused({ inboxId, reason }: Entry<'input.refused'>): void {
    this.taken.add(inboxId);
    this.canvas.lines(this.style.bad(`Not used: ${plainText(reason)}`));
  }

  private writeWhole(text: string): void {
    this.writeAnswer(text);
    this.endAnswer();
  }

  private writeAnswer(text: string): void {
    const shown = this.markdown.write(this.plain.write(text));
    if (shown !== '') this.canvas.write(shown);
  }

  private endAnswer(): void {
    this.canvas.write(this.markdown.end());
    this.canvas.endLine();
    this.markdown = createMarkdown(this.style);
    this.plain = createPlainText();
  }
}
