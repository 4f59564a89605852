import { expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import { auditJournal } from './audit.ts';

const USAGE = { inputTokens: 0, outputTokens: 0 };
const began: JournalRecord = {
  type: 'turn.began',
  turnId: 't1',
  messages: [{ inboxId: 'm1', text: 'hi' }],
  route: 'task',
};
const requested: JournalRecord = { type: 'model.requested', turnId: 't1', effectId: 'e1', iteration: 1 };
const completed: JournalRecord = {
  type: 'model.completed',
  turnId: 't1',
  effectId: 'e1',
  model: 'm',
  text: 'hello',
  toolCalls: [],
  usage: USAGE,
};
const replied: JournalRecord = {
  type: 'turn.replied',
  turnId: 't1',
  outboxId: 'o1',
  text: 'hello',
  finish: 'answered',
  usage: USAGE,
};

const journal = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, place) => ({ seq: place + 1, at: '2026-03-01T12:00:00Z', ...record }));

test('a whole turn, and one that still runs, are as they should be', () => {
  expect(auditJournal('c', journal(began, requested, completed, replied))).toEqual([]);
  expect(auditJournal('c', journal(began, requested))).toEqual([]);
});

test.each<[string, readonly JournalEntry[], string]>([
  ['a gap', journal(began, requested, completed, replied).toSpliced(1, 1), 'entry 2 has the number 3.'],
  [
    'a message taken by two turns',
    journal(began, requested, completed, replied, { ...began, turnId: 't2' }),
    'message m1 was taken twice.',
  ],
  ['a second reply', journal(began, replied, replied), 'turn t1 was replied to twice.'],
  ['a second outcome', journal(began, requested, completed, completed), 'effect e1 ended twice.'],
  ['an effect begun twice', journal(began, requested, requested), 'effect e1 was begun twice.'],
  ['an outcome without an intent', journal(began, completed), 'effect e1 ended without a beginning.'],
  [
    'something after the reply',
    journal(began, replied, requested),
    'entry 3 is of a turn that is not running.',
  ],
])('%s is found', (_, entries, finding) => {
  expect(auditJournal('c', entries)).toContain(`Conversation c: ${finding}`);
});
