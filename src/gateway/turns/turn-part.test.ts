import { describe, expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import { findPart, readPart } from './find-part.ts';
import { createPartReader, type PartEvent, type PartStart } from './turn-part.ts';

const MESSAGE: PartStart = { kind: 'message', inboxId: 'in' };
const usage = { inputTokens: 1, outputTokens: 1 };
const turn = { turnId: 't' };

const began = (inboxId: string, turnId = 't'): JournalRecord => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId, text: 'hi' }],
  route: 'query',
});
const completed = (text: string, tools = 0): JournalRecord => ({
  ...turn,
  type: 'model.completed',
  effectId: `e-${text}`,
  model: 'm',
  text,
  usage,
  toolCalls: Array.from({ length: tools }, () => ({ callId: 'c', tool: 'note', arguments: {} })),
});
const asked: JournalRecord = {
  ...turn,
  type: 'approval.requested',
  approvalId: 'q',
  callId: 'c',
  tool: 'note',
  arguments: {},
  reason: 'Writes.',
  allowAlways: true,
};
const decided: JournalRecord = {
  ...turn,
  type: 'approval.decided',
  approvalId: 'q',
  callId: 'c',
  tool: 'note',
  decision: 'once',
  reason: null,
};
const replied = (text: string, turnId = 't'): JournalRecord => ({
  turnId,
  type: 'turn.replied',
  outboxId: 'o',
  text,
  finish: 'answered',
  usage,
});

const entries = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, at) => ({ ...record, seq: at + 1, at: '2030-01-01T00:00:00.000Z' }));

function read(start: PartStart, ...records: readonly JournalRecord[]): readonly PartEvent[] {
  const reader = createPartReader(start);
  return entries(...records).flatMap((entry) => reader.feed({ type: 'entry', entry }));
}

const typesOf = (events: readonly PartEvent[]) => events.map(({ type }) => type);

describe('a part of a turn', () => {
  test('goes from its message to the reply, and leaves out what other turns say', () => {
    const told = read(
      MESSAGE,
      began('x', 'u'),
      replied('other', 'u'),
      began('in'),
      completed('Hi'),
      replied('Hi'),
    );
    expect(typesOf(told)).toEqual(['began', 'text', 'said', 'ended']);
    expect(told.at(-1)).toMatchObject({ end: { kind: 'replied', text: 'Hi', finish: 'answered' } });
  });

  test('ends with a question, and the next begins with its answer', () => {
    const all = [began('in'), completed('', 1), asked, decided, completed('Done'), replied('Done')];
    expect(read(MESSAGE, ...all).at(-1)).toMatchObject({
      end: { kind: 'asked', question: { approvalId: 'q' } },
    });
    const next = read({ kind: 'decision', approvalId: 'q' }, ...all);
    expect(typesOf(next)).toEqual(['began', 'text', 'said', 'ended']);
  });

  test('tells every word once, whether it came in pieces, whole or both', () => {
    const reader = createPartReader(MESSAGE);
    const texts: string[] = [];
    const feed = (event: Parameters<typeof reader.feed>[0]) => {
      for (const told of reader.feed(event)) if (told.type === 'text') texts.push(told.text);
    };
    const [first, model, end] = entries(began('in'), completed('One two'), replied('One two'));
    if (!first || !model || !end) throw new Error('three entries were made');
    const delta = (offset: number, text: string) =>
      feed({ type: 'delta', effectId: 'e-One two', offset, text });
    delta(0, 'of an earlier turn');
    feed({ type: 'entry', entry: first });
    delta(0, 'One');
    delta(0, 'One');
    delta(3, ' t');
    delta(7, 'after a gap');
    feed({ type: 'entry', entry: model });
    feed({ type: 'entry', entry: end });
    expect(texts).toEqual(['One', ' t', 'wo']);
  });

  test('says why its message was refused', () => {
    const refused: JournalRecord = { type: 'input.refused', inboxId: 'in', reason: 'Too late.' };
    expect(read(MESSAGE, refused)).toEqual([
      { type: 'ended', end: { kind: 'refused', reason: 'Too late.' } },
    ]);
  });
});

describe('a part that is looked for', () => {
  const filler = Array.from({ length: 450 }, (_, at) => replied('x', `old-${at}`));
  const journal = entries(...filler, began('in'), completed('Hi'), replied('Hi'), ...filler);
  const assistant = {
    entries: async (
      _: string,
      { after, before = journal.length + 1, limit }: { after?: number; before?: number; limit: number },
    ) =>
      after === undefined
        ? journal.filter(({ seq }) => seq < before).slice(-limit)
        : journal.filter(({ seq }) => seq > after).slice(0, limit),
  };

  test('is found from the end, and read to its own end', async () => {
    const seq = await findPart(assistant, 'talk', MESSAGE);
    expect(seq).toBe(451);
    if (typeof seq !== 'number') throw new Error('not found');
    expect(typesOf(await readPart(assistant, 'talk', { start: MESSAGE, seq }))).toEqual([
      'began',
      'text',
      'said',
      'ended',
    ]);
  });

  test('is not there yet where the whole journal has none', async () => {
    expect(await findPart(assistant, 'talk', { kind: 'message', inboxId: 'none' })).toBe('not-yet');
  });
});
