import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { undoneTurns } from '../actors/commands/undone-turns.ts';
import { createTranscript } from '../actors/transcript.ts';
import type { JournalEntry, JournalRecord } from '../src/core/journal.ts';
import { chooseOldest } from '../src/llm/context/choose-oldest.ts';
import { latestCompaction, readHistory, visibleTurns } from '../src/llm/index.ts';
import { fullDetail } from '../src/llm/transcript/detail.ts';
import { renderParts } from '../src/llm/transcript/render-transcript.ts';

/**
 * Random histories of a conversation: turns, commands, notices, undo, redo, clear, summaries, and summaries that are
 * undone. Whatever happens, the model is shown each turn that counts exactly once, in its order, itself or in a summary,
 * and none that was taken back.
 */

type Step = 'say' | 'command' | 'notice' | 'undo' | 'redo' | 'clear' | 'compact' | 'expand';

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>('say') },
    { weight: 3, arbitrary: fc.constantFrom<Step>('command', 'notice') },
    { weight: 5, arbitrary: fc.constantFrom<Step>('undo', 'redo') },
    { weight: 1, arbitrary: fc.constant<Step>('clear') },
    { weight: 6, arbitrary: fc.constantFrom<Step>('compact', 'expand') },
  ),
  { maxLength: 60 },
);

/** What a user would expect, told apart from how it is computed: the turns that count, and those that undo took. */
interface Expected {
  readonly turns: string[];
  readonly undone: (readonly string[])[];
}

class Talk {
  readonly expected: Expected = { turns: [], undone: [] };
  readonly #entries: () => readonly JournalEntry[];
  readonly #append: (entries: readonly JournalEntry[]) => void;
  #made = 0;
  #seq = 0;

  constructor(entries: () => readonly JournalEntry[], append: (entries: readonly JournalEntry[]) => void) {
    this.#entries = entries;
    this.#append = append;
  }

  take(step: Step): void {
    const { turns, undone } = this.expected;
    if (step === 'say') {
      this.#say();
      undone.length = 0;
    } else if (step === 'command') this.#write(began(this.#id('command'), 'command'));
    else if (step === 'notice') this.#write(notice(this.#id('notice')));
    else if (step === 'compact') this.compact();
    else if (step === 'expand') this.#expand();
    else if (step === 'clear') {
      this.#change('clear', visibleTurns(this.#entries()));
      turns.length = 0;
      undone.length = 0;
    } else if (step === 'undo') {
      this.#change('undo', visibleTurns(this.#entries()).slice(-1));
      const last = turns.pop();
      if (last !== undefined) undone.push([last]);
    } else {
      this.#change('redo', undoneTurns(this.#entries()).slice(-1));
      turns.push(...(undone.pop() ?? []));
    }
  }

  /** All but the newest two. */
  compact(): void {
    const parts = renderParts(this.#entries(), fullDetail(1_000));
    const sizes = parts.map((part) => ({ part, tokens: 1, length: 1 }));
    const oldest = chooseOldest(sizes, 0).map(({ part }) => part.part);
    const turnIds = oldest.flatMap((part) => {
      if (part.type === 'notices') return [];
      return part.type === 'turn' ? [part.turnId] : part.turnIds;
    });
    if (turnIds.length === 0) return;
    const compactionId = this.#id('summary');
    const told = { turnId: 'now', summary: `«${compactionId}»`, tokensBefore: 2, tokensAfter: 1 };
    this.#write({ type: 'history.compacted', compactionId, turnIds, ...told });
  }

  #say(): void {
    const turnId = this.#id('turn');
    this.expected.turns.push(turnId);
    this.#write(began(turnId, 'task'), completed(turnId), replied(turnId));
  }

  #expand(): void {
    const latest = latestCompaction(this.#entries());
    if (latest) this.#write({ type: 'history.expanded', compactionId: latest.compactionId });
  }

  #change(change: 'undo' | 'redo' | 'clear', turnIds: readonly string[]): void {
    if (turnIds.length > 0 || change === 'clear') this.#write({ type: 'history.changed', change, turnIds });
  }

  #write(...records: readonly JournalRecord[]): void {
    this.#append(records.map((record) => ({ ...record, seq: ++this.#seq, at: '2026-01-01T00:00:00.000Z' })));
  }

  #id(kind: string): string {
    this.#made++;
    return `${kind}-${String(this.#made).padStart(3, '0')}`;
  }
}

const began = (turnId: string, route: 'task' | 'command'): JournalRecord => ({
  type: 'turn.began',
  turnId,
  route,
  messages: [{ inboxId: turnId, text: `«${turnId}»` }],
});
const completed = (turnId: string): JournalRecord => ({
  type: 'model.completed',
  turnId,
  effectId: turnId,
  model: 'm',
  text: `answer to ${turnId}`,
  toolCalls: [],
  usage: { inputTokens: 1, outputTokens: 1 },
});
const replied = (turnId: string): JournalRecord => ({
  type: 'turn.replied',
  turnId,
  outboxId: turnId,
  text: '',
  finish: 'answered',
  usage: { inputTokens: 1, outputTokens: 1 },
});
const notice = (noticeId: string): JournalRecord => ({
  type: 'notice.posted',
  noticeId,
  outboxId: noticeId,
  text: `«${noticeId}»`,
  from: 'a routine',
});

/** The turns that the model is shown, in their order, each itself or in a summary. */
function shownTurns(entries: readonly JournalEntry[]): readonly string[] {
  return readHistory(entries).flatMap((part) => {
    if (part.type === 'notices') return [];
    return part.type === 'turn' ? [part.turnId] : part.turnIds;
  });
}

function textOf(entries: readonly JournalEntry[]): string {
  const messages = renderParts(entries, fullDetail(1_000)).flatMap((part) => part.messages);
  return messages.map((message) => (message.role === 'tool' ? message.content : message.text)).join('\n');
}

const countOf = (text: string, mark: string): number => text.split(mark).length - 1;

describe('what the model is shown of a conversation', () => {
  test('has each turn that counts once and no other, after any history', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const entries: JournalEntry[] = [];
        const talk = new Talk(
          () => entries,
          (more) => entries.push(...more),
        );
        for (const step of history) {
          talk.take(step);
          expect(shownTurns(entries)).toEqual(talk.expected.turns);
        }
        const summarised = readHistory(entries).flatMap((part) =>
          part.type === 'summary' ? part.turnIds : [],
        );
        const text = textOf(entries);
        for (const turnId of allTurns(entries)) {
          const whole = talk.expected.turns.includes(turnId) && !summarised.includes(turnId);
          expect(countOf(text, `«${turnId}»`)).toBe(whole ? 1 : 0);
        }
        expect(text).not.toContain('command');
      }),
      { numRuns: 500 },
    );
  });

  test('and loses none where a session holds but the latest entries, as long as it is summed up in time', () => {
    const limit = 40;
    fc.assert(
      fc.property(fc.array(steps, { minLength: 4, maxLength: 8 }), (histories) => {
        const transcript = createTranscript([], limit);
        const talk = new Talk(() => transcript.entries, transcript.append);
        for (const step of histories.flat().filter((each) => each !== 'expand')) {
          talk.take(step);
          if (wholeEntries(transcript.entries) > limit / 2) talk.compact();
          expect(shownTurns(transcript.entries)).toEqual(talk.expected.turns);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const allTurns = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.type === 'turn.began' && entry.route === 'task' ? [entry.turnId] : []));

function wholeEntries(entries: readonly JournalEntry[]): number {
  const whole = new Set(readHistory(entries).flatMap((part) => (part.type === 'turn' ? [part.turnId] : [])));
  return entries.filter((entry) => 'turnId' in entry && whole.has(entry.turnId)).length;
}
