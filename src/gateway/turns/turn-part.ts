import { createAnswerStream } from '../../core/answer-stream.ts';
import type { LiveEvent } from '../../core/assistant.ts';
import type { Finish, JournalEntry, RecordOf, Usage } from '../../core/journal.ts';

/**
 * Where a part of a turn begins: with the message that the turn took in, or with the answer to a question of it. The
 * part ends with the reply, or with the next question.
 */
export type PartStart =
  | { readonly kind: 'message'; readonly inboxId: string }
  | { readonly kind: 'decision'; readonly approvalId: string; readonly inboxId?: string };

export type PartEvent =
  | { readonly type: 'began'; readonly turnId: string; readonly at: string }
  /** Words that were not told before; `call` names the model call that writes them. */
  | { readonly type: 'text'; readonly call: string; readonly text: string }
  /** A model call is over; `more`: it made calls of tools, so this was not its last word. */
  | {
      readonly type: 'said';
      readonly call: string;
      readonly model: string;
      readonly usage: Usage;
      readonly more: boolean;
    }
  | { readonly type: 'tool'; readonly call: RecordOf<'tool.requested'> }
  | { readonly type: 'tool-ended'; readonly call: RecordOf<'tool.completed'> }
  | { readonly type: 'ended'; readonly end: PartEnd };

export type PartEnd =
  | {
      readonly kind: 'replied';
      readonly text: string;
      readonly finish: Finish;
      /** The last model call wrote all it may, not all it would. */
      readonly cut: boolean;
    }
  /** It waits for the user. */
  | { readonly kind: 'asked'; readonly question: Question }
  /** The message or the answer could not be used. */
  | { readonly kind: 'refused'; readonly reason: string };

export type Question = RecordOf<'approval.requested'>;

/** Picks one part of one turn out of everything that happens in its conversation. */
export interface PartReader {
  /** In order, from an entry before the start on. */
  feed(event: LiveEvent): readonly PartEvent[];
}

export function createPartReader(start: PartStart): PartReader {
  const answer = createAnswerStream();
  let turnId: string | undefined;
  let over = false;
  let cut = false;

  const text = (call: string, words: string): readonly PartEvent[] =>
    words === '' ? [] : [{ type: 'text', call, text: words }];

  function ended(end: PartEnd): readonly PartEvent[] {
    over = true;
    return [{ type: 'ended', end }];
  }

  function begin(entry: JournalEntry): readonly PartEvent[] {
    if (entry.type === 'input.refused' && entry.inboxId === start.inboxId)
      return ended({ kind: 'refused', reason: entry.reason });
    if (!isStart(entry, start)) return [];
    turnId = entry.turnId;
    return [{ type: 'began', turnId, at: entry.at }];
  }

  function read(entry: JournalEntry): readonly PartEvent[] {
    switch (entry.type) {
      case 'model.completed': {
        cut = entry.cut === true;
        const { effectId: call, model, usage, toolCalls } = entry;
        const rest = text(call, answer.completed(call, entry.text));
        return [...rest, { type: 'said', call, model, usage, more: toolCalls.length > 0 }];
      }
      case 'command.completed':
        return text(entry.effectId, answer.completed(entry.effectId, entry.text));
      case 'tool.requested':
        return [{ type: 'tool', call: entry }];
      case 'tool.completed':
        return [{ type: 'tool-ended', call: entry }];
      case 'approval.requested':
        return ended({ kind: 'asked', question: entry });
      case 'turn.replied': {
        const { finish } = entry;
        // Of a turn that failed the reply says why: no answer goes on with it.
        const rest = finish === 'failed' ? [] : text(entry.outboxId, answer.replied(entry.text));
        return [...rest, ...ended({ kind: 'replied', text: entry.text, finish, cut })];
      }
      default:
        return [];
    }
  }

  return {
    feed(event) {
      if (over) return [];
      if (event.type === 'delta')
        return turnId === undefined ? [] : text(event.effectId, answer.delta(event));
      if (event.type !== 'entry') return [];
      const { entry } = event;
      if (turnId === undefined) return begin(entry);
      return 'turnId' in entry && entry.turnId === turnId ? read(entry) : [];
    },
  };
}

type Beginning = RecordOf<'turn.began' | 'turn.steered' | 'approval.decided'>;

/** Whether the part begins with this entry. */
export function isStart(entry: JournalEntry, start: PartStart): entry is JournalEntry & Beginning {
  if (start.kind === 'decision')
    return entry.type === 'approval.decided' && entry.approvalId === start.approvalId;
  if (entry.type !== 'turn.began' && entry.type !== 'turn.steered') return false;
  return entry.messages.some(({ inboxId }) => inboxId === start.inboxId);
}
