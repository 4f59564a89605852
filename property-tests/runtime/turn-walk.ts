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
    { type: 'turn.steered', messages },
    { type: 'turn.interrupted', inboxId: null, partialText: 'so far' },
    { type: 'turn.abandoned', reason: 'crashed' },
    { ...FACT, type: 'command.completed', command: 'help', text: 'help' },
    ...[0, 1, 2].map((calls) => completion(calls)),
    { ...FACT, type: 'model.failed', error: { kind: 'timeout', message: 'slow' } },
    ...context.calls.flatMap(aboutCall),
  ];
}

function completion(calls: number): TurnEvent {
  const toolCalls = Array.from({ length: calls }, (_, n) => ({
    callId: `call-${n}`,
    tool: 'probe',
    arguments: {},
  }));
  return { ...FACT, type: 'model.completed', model: 'model', text: 'text', toolCalls, usage: USAGE };
}

function aboutCall(call: Call): readonly TurnEvent[] {
  const { callId, state } = call;
  if (state === 'waiting')
    return verdictsOn(callId).map((verdict) => ({ ...FACT, type: 'calls.judged', verdicts: [verdict] }));
  if (state === 'asking') return decisionsOn(call.approvalId);
  if (state !== 'running') return [];
  return [
    { ...FACT, type: 'tool.completed', callId, outcome: 'succeeded', content: '', durationMs: 1 },
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

/** The guards read how far the calls are, whether the model has seen everything, and whether it may be asked again. */
function abstraction({ calls, unseen, iteration, maxIterations }: TurnContext): unknown {
  const doubtful = (call: Call): boolean => call.state === 'asking' && call.approvalId.startsWith('again');
  return {
    calls: calls.map((call) => `${call.state}${doubtful(call) ? ' again' : ''}`),
    unseen: unseen > 0,
    outOfIterations: iteration >= maxIterations,
  };
}

export const turnWalk: MachineWalk = walkOf(turnMachine, {
  input: { turnId: 'turn', channel: 'test', maxIterations: 2 },
  abstraction,
  events,
  unrequested: ['turn.steered', 'turn.interrupted', 'turn.abandoned', 'model.failed'],
  invariants: {
    'nothing runs but in acting': ({ value, context }) =>
      value === 'acting' || value === 'done' || context.calls.every(({ state }) => state !== 'running'),
    'whoever awaits an approval has asked for it': ({ value, context }) =>
      value !== 'awaitingApproval' || context.calls.some(({ state }) => state === 'asking'),
  },
});
