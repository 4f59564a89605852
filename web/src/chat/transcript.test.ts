import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/core/journal.ts';
import type { Row } from './row.ts';
import { createTranscript } from './transcript.ts';

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };
const said = (turnId: string, text: string): JournalRecord => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId: `in ${turnId}`, text }],
  route: 'query',
});
const replied = (turnId: string, text: string): JournalRecord => ({
  type: 'turn.replied',
  turnId,
  outboxId: turnId,
  text,
  finish: 'answered',
  usage: NO_USAGE,
});
const completed = (effectId: string, text: string, calls = 0): JournalRecord => ({
  type: 'model.completed',
  turnId: 't',
  effectId,
  model: 'm',
  text,
  toolCalls: Array.from({ length: calls }, () => ({ callId: 'c', tool: 'echo', arguments: {} })),
  usage: NO_USAGE,
  costMicroUsd: 10,
});
const asked: JournalRecord = {
  type: 'approval.requested',
  turnId: 't',
  approvalId: 'a',
  callId: 'c',
  tool: 'shell',
  arguments: {},
  reason: 'r',
  allowAlways: false,
};

function read(...records: readonly JournalRecord[]) {
  const transcript = createTranscript();
  records.forEach((record, at) => {
    transcript.add({ ...record, seq: at + 1, at: new Date(at * 1_000).toISOString() });
  });
  return transcript;
}

const texts = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.kind === 'user' || row.kind === 'answer' ? [row.text] : []));

describe('a transcript', () => {
  test('shows the last words of the model once, as the reply', () => {
    const { rows } = read(said('t', 'hi'), completed('e', 'Hello!'), replied('t', 'Hello!'));
    expect(texts(rows())).toEqual(['hi', 'Hello!']);
  });

  test('keeps what was said before calls, and adds up what the turn took', () => {
    const { rows } = read(
      said('t', 'hi'),
      completed('e', 'I look.', 1),
      completed('f', 'Done.'),
      replied('t', 'Done.'),
    );
    expect(texts(rows())).toEqual(['hi', 'I look.', 'Done.']);
    expect(rows().at(-1)).toMatchObject({ end: { costMicroUsd: 20, durationMs: 3_000, models: ['m'] } });
  });

  test('a question that was not answered when the turn ended is over', () => {
    expect(read(said('t', 'hi'), asked).rows().at(-1)).toMatchObject({ decided: undefined });
    const { rows } = read(said('t', 'hi'), asked, replied('t', 'Stopped.'));
    expect(rows()).toContainEqual(expect.objectContaining({ kind: 'approval', decided: 'late' }));
  });

  test('hides what was undone, counts it no more, and shows it again', () => {
    const told = [said('t', 'one'), replied('t', '1'), said('u', 'two'), replied('u', '2')];
    const undo: JournalRecord = { type: 'history.changed', change: 'undo', turnIds: ['u'] };
    const undone = read(...told, undo);
    expect([texts(undone.rows()), undone.turns()]).toEqual([['one', '1'], ['t']]);
    const redone = read(...told, undo, { type: 'history.changed', change: 'redo', turnIds: ['u'] });
    expect(texts(redone.rows())).toEqual(['one', '1', 'two', '2']);
  });

  test('grows an answer piece by piece, begins anew at 0, and shows a gap', () => {
    const transcript = read(said('t', 'hi'));
    const written = () => {
      const row = transcript.rows().at(-1);
      return row?.kind === 'answer' ? row.draft?.value : undefined;
    };
    const piece = (offset: number, text: string) => transcript.delta({ effectId: 'e', offset, text });
    piece(0, 'Hel');
    piece(3, 'lo');
    expect(written()).toBe('Hello');
    piece(0, 'Bye');
    expect(written()).toBe('Bye');
    piece(10, 'now');
    expect(written()).toMatch(/^Bye… +now$/);
  });

  test('takes back what was being written when the call failed', () => {
    const transcript = read(said('t', 'hi'));
    transcript.delta({ effectId: 'e', offset: 0, text: 'Hel' });
    const error = { kind: 'timeout', message: 'Too slow.' } as const;
    transcript.add({ type: 'model.failed', turnId: 't', effectId: 'e', error, seq: 2, at: '' });
    expect(transcript.rows().map(({ kind }) => kind)).toEqual(['user', 'problem']);
  });

  test('says what runs, and which inputs it has', () => {
    const open = read(said('t', 'hi'));
    expect([open.running()?.turnId, open.has('in t'), open.has('x')]).toEqual(['t', true, false]);
    expect(read(said('t', 'hi'), replied('t', 'ho')).running()).toBeUndefined();
  });
});
