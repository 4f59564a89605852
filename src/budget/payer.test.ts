import { expect, test } from 'vitest';
import type { AgentOrder } from '../core/journal.ts';
import { payersOf } from './payer.ts';

const limits = {
  dayMicroUsd: 100,
  monthMicroUsd: 0,
  conversationMicroUsd: 50,
  turnMicroUsd: 20,
  agentMicroUsd: 10,
};
const periods = { day: '2026-11-22', month: '2026-11' };

const order = (more: Partial<AgentOrder>): AgentOrder => ({
  parentConversationId: 'talk',
  parentTurnId: 'turn',
  depth: 1,
  tools: [],
  budgetMicroUsd: 30,
  maxIterations: 5,
  origins: [],
  ...more,
});

const scopes = (conversationId: string, agent: AgentOrder) => {
  const { own, parent } = payersOf({ conversationId, turnId: 't', agent }, limits, periods);
  return { own: Object.fromEntries(own.map(({ scope, allowance }) => [scope, allowance])), parent };
};

const USER = { 'user-day/2026-11-22': 100, 'user-month/2026-11': 0 };

test('a job pays from its own budget, out of that of the conversation that it was ordered in', () => {
  const purpose = { kind: 'job', id: '1', within: null } as const;
  expect(scopes('job-1', order({ purpose }))).toEqual({
    own: { ...USER, 'job/1': 30, 'conversation/talk': 50 },
    parent: null,
  });
});

test('a part of a job, and a job of a routine, pay out of what they are a part of', () => {
  const part = { kind: 'job', id: '2', within: { kind: 'job', id: '1' } } as const;
  expect(scopes('job-2', order({ purpose: part }))).toEqual({
    own: { ...USER, 'job/2': 30 },
    parent: 'job/1',
  });
  const routine = { kind: 'job', id: '3', within: { kind: 'routine', id: 'r', day: '2026-11-21' } } as const;
  expect(scopes('job-3', order({ purpose: routine, parentConversationId: '' })).parent).toBe(
    'routine/r/2026-11-21',
  );
});

test('work that nobody ordered in a conversation pays for itself', () => {
  const purpose = { kind: 'heartbeat', id: 'beat', within: null } as const;
  const told = order({ purpose, parentConversationId: '', budgetMicroUsd: null });
  expect(scopes('run-9', told)).toEqual({ own: { ...USER, 'run/9': 0 }, parent: null });
});

test('an agent of a job pays out of the budget of the job', () => {
  const agent = order({ depth: 2, parentConversationId: 'job-1' });
  expect(scopes('agent-5', agent)).toEqual({ own: { ...USER, 'agent/agent-5': 10 }, parent: 'job/1' });
});
