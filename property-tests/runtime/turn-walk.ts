import type { SnapshotFrom } from 'xstate';
import type { Call, Verdict } from '../../machines/tool-calls.ts';
import { type TurnContext, type TurnEvent, turnMachine } from '../../machines/turn.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const USAGE = { inputTokens: 1, outputTokens: 1 };
const FACT = { effectId: 'effect' };

/** What the user, the model, the policy and the tools may say now. */
function events({ context }: SnapshotFrom<typeof turnMachine>): readonly TurnEvent[] {
  const messages = [{ inboxId: 'inbox', text: 'hello' }];
  return [
    { type: 'turn.began', messages, route: 'command' },
    { type: 'turn.began', messages, route: 'task' },
    { type: 'turn.began', messages, route: 'task', unsure: true },
    { ...FACT, type: 'turn.routed', route: 'query' },
    { type: 'turn.steered', messages },
    { type: 'turn.interrupted', inboxId: null, partialText: 'so far' },
    { type: 'turn.abandoned', reason: 'crashed' },
    { ...FACT, type: 'command.completed', command: 'help', text: 'help' },
    ...[0, 1, 2].map((calls) => completion(calls)),
    completion(0, { announced: true }),
    completion(1, { cut: true }),
    { ...FACT, type: 'model.failed', error: { kind: 'timeout', message: 'slow' } },
    { ...FACT, type: 'model.failed', error: { kind: 'context-too-long', message: 'long' } },
    {
      ...FACT,
      type: 'model.failed',
      error: { kind: 'budget', message: 'spent', budget },
      approvalId: 'more',
    },
    { ...FACT, type: 'history.compacted', compactionId: 'c', turnIds: [], summary: '', ...SIZES },
    { ...FACT, type: 'compaction.failed', reason: 'too little' },
    ...(context.budget ? decisionsOn(context.budget.approvalId) : []),
    ...context.calls.flatMap(aboutCall),
  ];
}

const SIZES = { tokensBefore: 2, tokensAfter: 1 };
const budget = {
  scope: 'user-day/1',
  name: "today's budget",
  limitMicroUsd: 2,
  spentMicroUsd: 2,
  nextMicroUsd: 1,
  moreMicroUsd: 2,
};

function completion(calls: number, more: Partial<Completed> = {}): TurnEvent {
  const toolCalls = Array.from({ length: calls }, (_, n) => ({
    callId: `call-${n}`,
    tool: 'probe',
    arguments: {},
  }));
  return { ...FACT, type: 'model.completed', model: 'model', text: 'text', toolCalls, usage: USAGE, ...more };
}

type Completed = Extract<TurnEvent, { type: 'model.completed' }>;

function aboutCall(call: Call): readonly TurnEvent[] {
  const { callId, state } = call;
  if (state === 'waiting')
    return verdictsOn(callId).map((verdict) => ({ ...FACT, type: 'calls.judged', verdicts: [verdict] }));
  if (state === 'asking') return decisionsOn(call.approvalId);
  if (state !== 'running') return [];
  return [
    { ...FACT, type: 'tool.completed', callId, outcome: 'succeeded', content: '', durationMs: 1 },
    { ...FACT, type: 'tool.completed', callId, outcome: 'failed', content: '', durationMs: 1, repeats: 3 },
    { ...FACT, type: 'tool.completed', callId, outcome: 'failed', content: '', durationMs: 1, repeats: 5 },
    { ...FACT, type: 'tool.unknown', callId, approvalId: `again ${callId}` },
  ];
}

function verdictsOn(callId: string): readonly Verdict[] {
  return [
    { callId, verdict: 'allow', effect: 'pure' },
    { callId, verdict: 'refuse', content: 'no' },
    {
      callId,
      verdict: 'ask',
      effect: 'once',
      approvalId: `ask ${callId}`,
      reason: 'why',
      allowAlways: true,
    },
  ];
}

function decisionsOn(approvalId: string): readonly TurnEvent[] {
  const decided = { type: 'approval.decided', inboxId: 'inbox', approvalId } as const;
  return [
    { ...decided, decision: 'once', reason: null },
    { ...decided, decision: 'deny', reason: null },
    { ...decided, decision: 'deny', reason: 'use the other one' },
  ];
}

/**
 * The guards read how far the calls are, whether the model has seen everything, whether it may be asked again and
 * what it was told before.
 */
function abstraction(context: TurnContext): unknown {
  const { calls, unseen, iteration, limits, repeats, nudged, concluding, compacted, budget } = context;
  const doubtful = (call: Call): boolean => call.state === 'asking' && call.approvalId.startsWith('again');
  return {
    calls: calls.map((call) => `${call.state}${doubtful(call) ? ' again' : ''}`),
    unseen: unseen > 0,
    iterationsLeft: Math.max(0, limits.iterations - iteration),
    repeats: repeats >= 5 ? 5 : repeats >= 3 ? 3 : 0,
    nudged,
    concluding,
    compacted,
    asksForBudget: budget !== null,
  };
}

export const turnWalk: MachineWalk = walkOf(turnMachine, {
  input: { turnId: 'turn', channel: 'test', limits: { iterations: 4, tokens: 0, workMs: 0 } },
  abstraction,
  events,
  unrequested: ['turn.steered', 'turn.interrupted', 'turn.abandoned', 'model.failed'],
  invariants: {
    'nothing runs but in acting': ({ value, context }) =>
      value === 'acting' || value === 'done' || context.calls.every(({ state }) => state !== 'running'),
    'whoever awaits an approval has asked for it': ({ value, context }) =>
      value !== 'awaitingApproval' || context.calls.some(({ state }) => state === 'asking'),
    'a question about a budget is open exactly while it is awaited': ({ value, context }) =>
      value === 'done' || (value === 'awaitingBudget') === (context.budget !== null),
    'who may call no more tools calls none': ({ value, context }) =>
      context.concluding === null ||
      value === 'thinking' ||
      value === 'compacting' ||
      value === 'awaitingBudget' ||
      value === 'done',
  },
});
