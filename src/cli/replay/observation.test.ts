import { expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import { observe } from './observation.ts';

const journal = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, index) => ({ seq: index + 1, at: '2026-03-01T12:00:00Z', ...record }));

const requested = (turnId: string, callId: string, tool: string): JournalRecord => ({
  type: 'tool.requested',
  turnId,
  effectId: `${turnId}:${callId}`,
  callId,
  tool,
  arguments: {},
});

const completed = (turnId: string, callId: string, tool: string, content: string): JournalRecord => ({
  type: 'tool.completed',
  turnId,
  effectId: `${turnId}:${callId}`,
  callId,
  tool,
  outcome: content === 'broken' ? 'failed' : 'succeeded',
  content,
  durationMs: 1,
});

test('calls appear in the order in which they began, with what became of them', () => {
  const entries = journal(
    requested('t1', 'a', 'slow'),
    requested('t1', 'b', 'quick'),
    completed('t1', 'b', 'quick', 'broken'),
    completed('t1', 'a', 'slow', 'done'),
  );
  expect(observe(entries).calls).toEqual([
    { callId: 'a', tool: 'slow', fate: 'succeeded', content: 'done' },
    { callId: 'b', tool: 'quick', fate: 'failed', content: 'broken' },
  ]);
});

test('the same call id in another turn is another call', () => {
  const entries = journal(
    requested('t1', 'call_1', 'echo'),
    completed('t1', 'call_1', 'echo', 'one'),
    requested('t2', 'call_1', 'echo'),
    completed('t2', 'call_1', 'echo', 'two'),
  );
  expect(observe(entries).calls.map((call) => call.content)).toEqual(['one', 'two']);
});

test('a call that never ended counts as failed', () => {
  expect(observe(journal(requested('t1', 'a', 'shell'))).calls[0]?.fate).toBe('failed');
});

test('a call that the user denied is denied, whether or not the refusal is recorded as well', () => {
  const decided: JournalRecord = {
    type: 'approval.decided',
    turnId: 't1',
    approvalId: 'ap1',
    callId: 'a',
    tool: 'probe',
    decision: 'deny',
    reason: null,
  };
  const refused: JournalRecord = {
    type: 'tool.refused',
    turnId: 't1',
    callId: 'a',
    tool: 'probe',
    content: 'The user said no.',
  };
  expect(observe(journal(decided)).calls[0]?.fate).toBe('denied');
  expect(observe(journal(decided, refused)).calls).toEqual([
    { callId: 'a', tool: 'probe', fate: 'denied', content: 'The user said no.' },
  ]);
  expect(observe(journal(refused)).calls[0]?.fate).toBe('refused');
});

test('replies are the responses', () => {
  const usage = { inputTokens: 0, outputTokens: 0 };
  const replied = (text: string): JournalRecord => ({
    type: 'turn.replied',
    turnId: text,
    outboxId: text,
    text,
    finish: 'answered',
    usage,
  });
  expect(observe(journal(replied('one'), replied('two'))).responses).toEqual(['one', 'two']);
});
