import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import type { Verdict } from '../machines/tool-calls.ts';
import { accepts, type TurnEvent, type TurnRequests, turnMachine } from '../machines/turn.ts';

/**
 * Walks the turn's statechart along random paths. At each step the events that it can take in its present state
 * are found by asking the machine itself, so a new transition is walked without a change here.
 */

type TurnSnapshot = SnapshotFrom<typeof turnMachine>;

interface Request {
  readonly type: string;
  readonly params: unknown;
}

interface Walk {
  readonly snapshot: TurnSnapshot;
  /** Everything asked for, in order, with the event that led to it. */
  readonly trail: readonly { readonly event: TurnEvent; readonly requests: readonly Request[] }[];
}

const MAX_ITERATIONS = 4;
const USAGE = { inputTokens: 1, outputTokens: 1 };
const start = (): TurnSnapshot =>
  initialTransition(turnMachine, {
    turnId: 'turn',
    channel: 'test',
    limits: { iterations: MAX_ITERATIONS, tokens: 0, workMs: 0 },
  })[0];

/** Every event there could be, given where the turn stands; the machine says which of them it can take. */
function candidates(snapshot: TurnSnapshot, pick: number): readonly TurnEvent[] {
  const { calls } = snapshot.context;
  const message = { inboxId: `inbox-${pick}`, text: pick % 2 ? 'hello' : '/help' };
  const running = calls.filter((call) => call.state === 'running');
  const asking = calls.filter((call) => call.state === 'asking');
  const waiting = calls.filter((call) => call.state === 'waiting');
  const toolCalls = Array.from({ length: pick % 4 }, (_, place) => ({
    callId: `${snapshot.context.iteration}.${place}`,
    tool: 'probe',
    arguments: {},
  }));
  return [
    { type: 'turn.began', messages: [message], route: pick % 2 ? 'task' : 'command' },
    { type: 'turn.began', messages: [message], route: 'task', unsure: true },
    { type: 'turn.routed', effectId: 'e', route: 'query' },
    ...(pick % 6 ? [] : failures()),
    { type: 'history.compacted', effectId: 'e', compactionId: 'c', turnIds: [], summary: '', ...SIZES },
    { type: 'compaction.failed', effectId: 'e', reason: 'too little' },
    ...(snapshot.context.budget ? [decision(snapshot.context.budget.approvalId, pick)] : []),
    { type: 'turn.steered', messages: [message] },
    ...(pick % 7 ? [] : [{ type: 'turn.interrupted', inboxId: null, partialText: 'so far' } as const]),
    ...(pick % 11 ? [] : [{ type: 'turn.abandoned', reason: 'crashed' } as const]),
    { type: 'command.completed', effectId: 'e', command: 'help', text: 'help' },
    {
      type: 'model.completed',
      effectId: 'e',
      model: 'm',
      text: 'text',
      toolCalls,
      usage: USAGE,
      ...(pick % 3 === 0 && { cut: true }),
      ...(pick % 4 === 0 && { announced: true }),
    },
    ...(pick % 5
      ? []
      : [{ type: 'model.failed', effectId: 'e', error: { kind: 'timeout', message: 'slow' } } as const]),
    {
      type: 'calls.judged',
      effectId: 'e',
      verdicts: verdictsFor(
        waiting.map((call) => call.callId),
        pick,
      ),
    },
    ...running.flatMap(({ callId }): TurnEvent[] => [
      {
        type: 'tool.completed',
        effectId: 'e',
        callId,
        outcome: 'succeeded',
        content: '',
        durationMs: 1,
        repeats: pick % 6,
      },
      { type: 'tool.unknown', effectId: 'e', callId, approvalId: `again-${callId}` },
    ]),
    ...asking.map(({ approvalId }) => decision(approvalId, pick)),
    { type: 'approval.decided', inboxId: 'i', approvalId: 'some other', decision: 'once', reason: null },
  ];
}

const SIZES = { tokensBefore: 2, tokensAfter: 1 };

function failures(): readonly TurnEvent[] {
  const budget = {
    scope: 'user-day/1',
    name: "today's budget",
    limitMicroUsd: 2,
    spentMicroUsd: 2,
    nextMicroUsd: 1,
    moreMicroUsd: 2,
  };
  const failed = { type: 'model.failed', effectId: 'e' } as const;
  return [
    { ...failed, error: { kind: 'context-too-long', message: 'long' } },
    { ...failed, error: { kind: 'budget', message: 'spent', budget }, approvalId: 'more money' },
  ];
}

function decision(approvalId: string, pick: number): TurnEvent {
  const decided = (['once', 'always', 'deny'] as const)[pick % 3] ?? 'deny';
  return { type: 'approval.decided', inboxId: 'i', approvalId, decision: decided, reason: null };
}

function verdictsFor(callIds: readonly string[], pick: number): readonly Verdict[] {
  const judged = callIds.slice(0, 1 + (pick % 3));
  return judged.map((callId, place): Verdict => {
    const kind = (pick + place) % 3;
    if (kind === 0) return { callId, verdict: 'allow', effect: 'pure' };
    if (kind === 1) return { callId, verdict: 'refuse', content: 'no' };
    return {
      callId,
      verdict: 'ask',
      effect: 'once',
      approvalId: `ask-${callId}`,
      reason: 'r',
      allowAlways: true,
    };
  });
}

/** @param between what happens to the turn between two steps, for example being stored and restored */
function walk(
  picks: readonly number[],
  between: (snapshot: TurnSnapshot) => TurnSnapshot = (same) => same,
): Walk {
  let snapshot = start();
  const trail: { event: TurnEvent; requests: Request[] }[] = [];
  for (const pick of picks) {
    snapshot = between(snapshot);
    const possible = candidates(snapshot, pick).filter((event) => accepts(snapshot, event));
    const event = possible[pick % Math.max(1, possible.length)];
    if (!event) break;
    const [next, actions] = transition(turnMachine, snapshot, event);
    trail.push({ event, requests: actions.map(({ type, params }) => ({ type, params })) });
    snapshot = next;
  }
  return { snapshot, trail };
}

const reasonOf = (params: unknown): unknown =>
  typeof params === 'object' && params !== null && 'reason' in params ? params.reason : undefined;
const isCutOff = (params: unknown): boolean => reasonOf(params) === 'cut-off';
const isConclusion = (params: unknown): boolean =>
  ['limit-reached', 'no-progress'].includes(String(reasonOf(params)));

const picks = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 });
const requestsOf = <K extends keyof TurnRequests>({ trail }: Walk, type: K): readonly Request[] =>
  trail.flatMap(({ requests }) => requests).filter((request) => request.type === type);

describe('on every path through a turn', () => {
  test('there is one reply exactly when it is done, and nothing is asked for after it', () => {
    fc.assert(
      fc.property(picks, (path) => {
        const walked = walk(path);
        const replies = requestsOf(walked, 'reply').length;
        expect(replies).toBe(walked.snapshot.status === 'done' ? 1 : 0);
        const all = walked.trail
          .flatMap(({ requests }) => requests)
          .filter(({ type }) => !type.startsWith('xstate'));
        if (replies === 1) expect(all.at(-1)?.type).toBe('reply');
      }),
    );
  });

  test('a tool runs only after the policy allowed that call or the user approved it, each time anew', () => {
    fc.assert(
      fc.property(picks, (path) => {
        const permits = new Map<string, number>();
        const permit = (callId: string): Map<string, number> =>
          permits.set(callId, (permits.get(callId) ?? 0) + 1);
        const asked = new Map<string, string>();
        for (const { event, requests } of walk(path).trail) {
          if (event.type === 'calls.judged') {
            for (const verdict of event.verdicts) if (verdict.verdict === 'allow') permit(verdict.callId);
          }
          if (event.type === 'approval.decided' && event.decision !== 'deny') {
            permit(asked.get(event.approvalId) ?? 'nothing was asked');
          }
          for (const { type, params } of requests) {
            const { callId, approvalId } = params as { callId: string; approvalId: string };
            if (type === 'requestApproval') asked.set(approvalId, callId);
            if (type !== 'requestTool') continue;
            const left = permits.get(callId) ?? 0;
            expect(left).toBeGreaterThan(0);
            permits.set(callId, left - 1);
          }
        }
      }),
    );
  });

  test('the model is not called again before every call of its answer has a result', () => {
    fc.assert(
      fc.property(picks, (path) => {
        let open = new Set<string>();
        for (const { event, requests } of walk(path).trail) {
          // Calls that were cut off are not run at all: the model is told, and makes them again.
          const dropped = requests.some(({ type, params }) => type === 'nudge' && isCutOff(params));
          if (event.type === 'model.completed' && !dropped)
            open = new Set(event.toolCalls.map(({ callId }) => callId));
          if (event.type === 'tool.completed') open.delete(event.callId);
          for (const { type, params } of requests) {
            if (type === 'refuseCall' || type === 'abandonCall')
              open.delete((params as { callId: string }).callId);
            if (type === 'requestModel') expect([...open]).toEqual([]);
          }
        }
      }),
    );
  });

  test('the model is called at most as often as it may be', () => {
    const AGAIN = new Set(['turn.steered', 'history.compacted', 'compaction.failed', 'approval.decided']);
    fc.assert(
      fc.property(picks, (path) => {
        const { trail } = walk(path);
        const again = trail.filter(({ event }) => AGAIN.has(event.type)).length;
        const cutOff = requestsOf(walk(path), 'nudge').filter(({ params }) => isCutOff(params)).length;
        expect(requestsOf(walk(path), 'requestModel').length).toBeLessThanOrEqual(
          MAX_ITERATIONS + again + cutOff,
        );
      }),
    );
  });

  test('the last word of a turn that must conclude is asked for without tools, and none run after it', () => {
    fc.assert(
      fc.property(picks, (path) => {
        let concluded = false;
        for (const { requests } of walk(path).trail) {
          for (const { type, params } of requests) {
            if (type === 'nudge' && isConclusion(params)) concluded = true;
            if (type === 'requestTool') expect(concluded).toBe(false);
            if (type === 'requestModel') expect(params).toMatchObject({ tools: concluded ? 'none' : 'all' });
          }
        }
      }),
    );
  });

  test('a turn that is stored and restored between any two steps takes the same path', () => {
    const stored = (snapshot: TurnSnapshot): TurnSnapshot => {
      const text = JSON.stringify({ value: snapshot.value, context: snapshot.context });
      return snapshot.status === 'done' ? snapshot : turnMachine.resolveState(JSON.parse(text));
    };
    fc.assert(
      fc.property(picks, (path) => {
        expect(walk(path, stored).trail).toEqual(walk(path).trail);
      }),
    );
  });
});

test('random paths reach every state of the turn', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(picks, (path) => {
      const end = walk(path, (snapshot) => {
        reached.add(String(snapshot.value));
        return snapshot;
      });
      reached.add(String(end.snapshot.value));
    }),
    { numRuns: 500, seed: 1 },
  );
  const resting = [
    'routing',
    'commanding',
    'classifying',
    'thinking',
    'compacting',
    'judging',
    'acting',
    'awaitingApproval',
    'awaitingBudget',
    'done',
  ];
  expect([...reached].sort()).toEqual(resting.sort());
});
