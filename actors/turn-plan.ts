import type { TurnEvent, TurnRequests } from '../machines/turn.ts';
import type { JournalRecord, ToolCall, Usage } from '../src/core/journal.ts';
import type { JsonObject } from '../src/core/json.ts';
import { type Policy, scopeOf } from '../src/policy/index.ts';
import type { Statement } from '../src/storage/index.ts';
import type { IntendedEffect, OutboxReply, Step } from '../src/storage/journal/index.ts';
import { approvalDecided, approvalRequested, approvalsWithdrawn } from './approval-rows.ts';
import type { TurnFact } from './turn-fact.ts';

/** A request of the turn's statechart, as its actor sees it. */
export type TurnRequest = {
  readonly [K in keyof TurnRequests]: { readonly type: K; readonly params: TurnRequests[K] };
}[keyof TurnRequests];

/** The requests that a child actor carries out and that have an outcome. */
export type EffectRequest = Extract<
  TurnRequest,
  { type: 'runCommand' | 'requestModel' | 'judgeCalls' | 'requestTool' }
>;

/** What one step of the turn writes, and the effects that it begins. */
export interface TurnStep extends Step {
  readonly begun: ReadonlyMap<string, EffectRequest>;
  readonly finished: readonly string[];
}

/** What planning a step needs to know of the turn. */
export interface TurnFacts {
  readonly key: string;
  readonly conversationId: string;
  readonly turnId: string;
  readonly channel: string;
  readonly usage: Usage;
  readonly firstSeq: number;
  /** The moment of the step, ISO 8601. */
  readonly at: string;
  /** Effects without an outcome. */
  readonly open: ReadonlyMap<string, EffectRequest>;
  readonly policy: Pick<Policy, 'grantStatement'>;
  callOf(callId: string): ToolCall;
  /** The call that this approval was asked for. */
  askedCall(approvalId: string): ToolCall;
  newId(): string;
}

/** What one fact or request contributes to the step. */
interface Share {
  readonly records?: readonly JournalRecord[];
  readonly begun?: readonly (readonly [string, EffectRequest])[];
  readonly ended?: readonly string[];
  readonly taken?: readonly string[];
  readonly replies?: readonly OutboxReply[];
  readonly writes?: readonly Statement[];
}

/** Everything that follows from one fact, as the rows of one commit. */
export function planStep(
  fact: TurnFact,
  requests: readonly TurnRequest[],
  facts: TurnFacts,
): Omit<TurnStep, 'snapshot'> {
  const shares: readonly Share[] = [
    shareOfEvent(fact.event, facts),
    { records: fact.records ?? [], writes: fact.writes ?? [] },
    ...requests.map((request, place) =>
      shareOfRequest(request, `${facts.key}:${facts.firstSeq}:${place}`, facts),
    ),
  ];
  const begun = new Map(shares.flatMap((share) => share.begun ?? []));
  return {
    records: shares.flatMap((share) => share.records ?? []),
    intended: [...begun].map(([id, request]) => intendedEffect(id, request)),
    finished: shares.flatMap((share) => share.ended ?? []),
    taken: shares.flatMap((share) => share.taken ?? []),
    replies: shares.flatMap((share) => share.replies ?? []),
    writes: shares.flatMap((share) => share.writes ?? []),
    begun,
  };
}

function shareOfEvent(event: TurnEvent, facts: TurnFacts): Share {
  const { turnId } = facts;
  switch (event.type) {
    case 'turn.began':
    case 'turn.steered':
      return { records: [{ ...event, turnId }], taken: event.messages.map(({ inboxId }) => inboxId) };
    case 'turn.interrupted':
      return { taken: event.inboxId === null ? [] : [event.inboxId] };
    case 'turn.abandoned':
      return {};
    case 'calls.judged':
    case 'tool.unknown':
      return { ended: [event.effectId] };
    case 'command.completed':
    case 'model.completed':
    case 'model.failed':
      return { records: [{ ...event, turnId }], ended: [event.effectId] };
    case 'tool.completed':
      return {
        records: [{ ...event, turnId, tool: facts.callOf(event.callId).tool }],
        ended: [event.effectId],
      };
    case 'approval.decided':
      return shareOfDecision(event, facts);
  }
}

function shareOfDecision(event: Extract<TurnEvent, { type: 'approval.decided' }>, facts: TurnFacts): Share {
  const { inboxId, ...decided } = event;
  const { callId, tool, arguments: args } = facts.askedCall(event.approvalId);
  const grant = facts.policy.grantStatement({
    grantId: facts.newId(),
    tool,
    scope: scopeOf(tool, args),
    approvalId: event.approvalId,
    at: facts.at,
  });
  return {
    records: [{ ...decided, turnId: facts.turnId, callId, tool }],
    taken: [inboxId],
    writes: [approvalDecided(event, facts.at), ...(event.decision === 'always' ? [grant] : [])],
  };
}

function shareOfRequest(request: TurnRequest, effectId: string, facts: TurnFacts): Share {
  const { turnId } = facts;
  switch (request.type) {
    case 'runCommand':
    case 'judgeCalls':
      return { begun: [[effectId, request]] };
    case 'requestModel':
      return {
        records: [{ type: 'model.requested', turnId, effectId, ...request.params }],
        begun: [[effectId, request]],
      };
    case 'requestTool':
      return {
        records: [{ type: 'tool.requested', turnId, effectId, ...facts.callOf(request.params.callId) }],
        begun: [[effectId, request]],
      };
    case 'requestApproval': {
      const call = facts.callOf(request.params.callId);
      return {
        records: [{ type: 'approval.requested', turnId, ...call, ...request.params }],
        writes: [approvalRequested(facts.conversationId, call, request.params, facts.at)],
      };
    }
    case 'refuseCall': {
      const { callId, tool } = facts.callOf(request.params.callId);
      return { records: [{ type: 'tool.refused', turnId, callId, tool, content: request.params.content }] };
    }
    case 'abandonCall':
      return shareOfAbandoned(request.params.callId, facts);
    case 'reply':
      return {
        records: [
          { type: 'turn.replied', turnId, outboxId: effectId, usage: facts.usage, ...request.params },
        ],
        replies: [{ id: effectId, channel: facts.channel, payload: replyPayload(request.params, facts) }],
        ended: [...facts.open.keys()],
      };
  }
}

const ABANDONED = 'The turn was interrupted before this was finished; it may have taken effect in part.';
const NOT_BEGUN = 'The turn ended before this was begun.';

function shareOfAbandoned(callId: string, facts: TurnFacts): Share {
  const { tool } = facts.callOf(callId);
  const { turnId } = facts;
  const withdrawn = approvalsWithdrawn(facts.conversationId, facts.at);
  const running = [...facts.open].find(
    ([, request]) => request.type === 'requestTool' && request.params.callId === callId,
  );
  if (!running)
    return {
      records: [{ type: 'tool.refused', turnId, callId, tool, content: NOT_BEGUN }],
      writes: [withdrawn],
    };
  const [effectId] = running;
  return {
    records: [
      {
        type: 'tool.completed',
        turnId,
        effectId,
        callId,
        tool,
        outcome: 'abandoned',
        content: ABANDONED,
        durationMs: 0,
      },
    ],
  };
}

function replyPayload(reply: TurnRequests['reply'], { conversationId, turnId }: TurnFacts): JsonObject {
  return { conversationId, turnId, text: reply.text, finish: reply.finish };
}

function intendedEffect(id: string, request: EffectRequest): IntendedEffect {
  return { id, kind: request.type, class: effectClass(request), request: requestJson(request) };
}

/** Only a tool can do something that must not be repeated. */
export function effectClass(request: EffectRequest): IntendedEffect['class'] {
  return request.type === 'requestTool' ? request.params.effect : 'pure';
}

function requestJson({ type, params }: EffectRequest): JsonObject {
  return { type, params: { ...params } };
}

/** An open effect as it was written by `intendedEffect`. */
export function storedRequest({ id, request }: IntendedEffect): readonly [string, EffectRequest] {
  return [id, request as EffectRequest];
}
