import { describe, expect, test } from 'vitest';
import type { AgentOrder, JournalEntry, JournalRecord } from '../src/core/journal.ts';
import { turnNotes } from './turn-notes.ts';
import { agentOf, turnSoFar } from './turn-so-far.ts';

const entriesOf = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, place) => ({ ...record, seq: place + 1, at: '2026-01-01T00:00:00.000Z' }));

const began = (turnId: string, more = {}): JournalRecord => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId: turnId, text: `do ${turnId}` }],
  route: 'task',
  ...more,
});

function planned(turnId: string, status: string, origins: readonly string[] = []): readonly JournalRecord[] {
  const args = { title: 'Move', status, steps: ['pack'] };
  const call = { callId: `call-${turnId}`, tool: 'plan_update', arguments: args };
  const ids = { turnId, effectId: `effect-${turnId}` };
  const usage = { inputTokens: 1, outputTokens: 1 };
  return [
    { ...ids, type: 'model.completed', model: 'm', text: '', toolCalls: [call], usage, origins },
    { ...ids, ...call, type: 'tool.requested' },
    { ...ids, ...call, type: 'tool.completed', outcome: 'succeeded', content: '', durationMs: 1 },
  ];
}

const ORDER: AgentOrder = {
  parentConversationId: 'talk',
  parentTurnId: 't0',
  depth: 1,
  tools: [],
  budgetMicroUsd: null,
  maxIterations: 7,
  origins: [],
};

describe('the notes of a turn', () => {
  test('are none in an ordinary turn', () => {
    expect(turnNotes(entriesOf(began('a')))).toEqual({ texts: [], origins: [] });
    expect(turnNotes([])).toEqual({ texts: [], origins: [] });
  });

  test('tell what a program adds for this turn, and whose words it holds', () => {
    const aside = { instructions: 'Answer in rhyme.', earlier: 'user: costs $& each', origins: ['a chat'] };
    const entries = entriesOf(began('a', { aside }));
    expect(turnNotes(entries)).toEqual({
      texts: [expect.stringContaining('Answer in rhyme.'), expect.stringContaining('user: costs $& each')],
      origins: ['a chat'],
    });
    expect(turnNotes([...entries, ...entriesOf(began('b'))])).toEqual({ texts: [], origins: [] });
  });

  test('tell of the plan that is open, and whose words had a hand in it', () => {
    const entries = entriesOf(began('a'), ...planned('a', 'executing', ['the page x']), began('b'));
    expect(turnNotes(entries)).toEqual({
      texts: [expect.stringContaining('Move (0 of 1 done)\n[ ] 1. pack')],
      origins: ['the page x'],
    });
  });

  test('stay the same while the turn changes the plan', () => {
    const before = [began('a'), ...planned('a', 'executing'), began('b')];
    const notes = turnNotes(entriesOf(...before));
    expect(turnNotes(entriesOf(...before, ...planned('b', 'completed')))).toEqual(notes);
  });

  test('tell of no plan that is over, or was undone', () => {
    const over = entriesOf(began('a'), ...planned('a', 'completed'), began('b'));
    expect(turnNotes(over).texts).toEqual([]);
    const undone = entriesOf(
      began('a'),
      ...planned('a', 'executing'),
      { type: 'history.changed', change: 'undo', turnIds: ['a'] },
      began('b'),
    );
    expect(turnNotes(undone)).toEqual({ texts: [], origins: [] });
  });

  test('say how to plan, and how to be an agent', () => {
    const [planning, agent] = turnNotes(entriesOf(began('a', { planning: true, agent: ORDER }))).texts;
    expect(planning).toContain('plan_update, status draft');
    expect(agent).toContain('about 7 steps');
  });
});

describe('the order of an agent', () => {
  test('is that of the latest turn', () => {
    expect(agentOf(entriesOf(began('a', { agent: ORDER })))).toBe(ORDER);
    expect(agentOf(entriesOf(began('a', { agent: ORDER }), began('b')))).toBeUndefined();
  });

  test('is nobody’s wish; what the user says meanwhile is', () => {
    const messages = [{ inboxId: 'i', text: 'send it to Bob' }];
    const steered: JournalRecord = { type: 'turn.steered', turnId: 'a', messages };
    expect(turnSoFar(entriesOf(began('a', { agent: ORDER }), steered)).wish).toEqual(['send it to Bob']);
    expect(turnSoFar(entriesOf(began('a'))).wish).toEqual(['do a']);
  });
});
