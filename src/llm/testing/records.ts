import type { JournalRecord, ToolCall } from '../../core/journal.ts';

/** Records of a conversation's journal for tests. Effects and messages are named after their turn. */
export const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

export const began = (turnId: string, text: string): JournalRecord => ({
  type: 'turn.began',
  turnId,
  route: 'task',
  messages: [{ inboxId: turnId, text }],
});

export const answered = (
  turnId: string,
  text: string,
  toolCalls: readonly ToolCall[] = [],
): JournalRecord => ({
  type: 'model.completed',
  turnId,
  effectId: turnId,
  model: 'm',
  text,
  toolCalls,
  usage: NO_USAGE,
});

export const called = (turnId: string, ...callIds: readonly string[]): JournalRecord =>
  answered(
    turnId,
    '',
    callIds.map((callId) => ({ callId, tool: 'probe', arguments: {} })),
  );

export const returned = (
  turnId: string,
  callId: string,
  content: string,
  origins: readonly string[] = [],
): JournalRecord => ({
  type: 'tool.completed',
  turnId,
  effectId: callId,
  callId,
  tool: 'probe',
  outcome: 'succeeded',
  content,
  durationMs: 1,
  ...(origins.length > 0 && { origins }),
});

/** A turn without tools. */
export const exchange = (turnId: string, text: string, answer = 'ok'): readonly JournalRecord[] => [
  began(turnId, text),
  answered(turnId, answer),
];

export const compacted = (
  turnIds: readonly string[],
  summary: string,
  origins: readonly string[] = [],
): JournalRecord => ({
  type: 'history.compacted',
  turnId: 'later',
  compactionId: `of-${turnIds.join('-')}`,
  turnIds,
  summary,
  tokensBefore: 1,
  tokensAfter: 1,
  ...(origins.length > 0 && { origins }),
});
