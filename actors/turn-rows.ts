import type { ApprovalRequest } from '../machines/tool-calls.ts';
import type { Reply, TurnEvent } from '../machines/turn.ts';
import { scopeOf } from '../src/policy/index.ts';
import { approvalDecided, approvalRequested, approvalsWithdrawn } from './approval-rows.ts';
import { askedCall, type TurnRows, type TurnView } from './turn-scope.ts';

/** What an event writes of its own. */
export function rowsOfEvent(event: TurnEvent, view: TurnView): TurnRows {
  const { turnId } = view.context;
  switch (event.type) {
    case 'turn.began':
    case 'turn.steered':
    case 'command.completed':
    case 'model.completed':
    case 'model.failed':
      return { records: [{ ...event, turnId }] };
    case 'tool.completed':
      return { records: [{ ...event, turnId, tool: view.scope.call(event.callId).tool }] };
    case 'approval.decided':
      return rowsOfDecision(event, view);
    case 'turn.interrupted':
    case 'turn.abandoned':
    case 'calls.judged':
    case 'tool.unknown':
      return {};
  }
}

function rowsOfDecision(
  event: Extract<TurnEvent, { type: 'approval.decided' }>,
  { before, context, scope }: TurnView,
): TurnRows {
  const { inboxId, ...decided } = event;
  const { env, at } = scope;
  const { callId, tool, arguments: args } = scope.call(askedCall(before, event.approvalId)?.callId ?? '');
  const grant = env.policy.grantStatement({
    grantId: env.ids.next(),
    tool,
    scope: scopeOf(tool, args),
    approvalId: event.approvalId,
    at,
  });
  return {
    records: [{ ...decided, turnId: context.turnId, callId, tool }],
    writes: [approvalDecided(event, at), ...(event.decision === 'always' ? [grant] : [])],
  };
}

export function rowsOfApproval(request: ApprovalRequest, { context, scope }: TurnView): TurnRows {
  const { turnId } = context;
  const call = scope.call(request.callId);
  return {
    records: [{ type: 'approval.requested', turnId, ...call, ...request }],
    writes: [approvalRequested(scope.conversationId, call, request, scope.at)],
  };
}

/** A call that did not run. */
export function rowsOfRefusal(
  { callId, content }: { readonly callId: string; readonly content: string },
  { context, scope }: TurnView,
): TurnRows {
  const { tool } = scope.call(callId);
  return { records: [{ type: 'tool.refused', turnId: context.turnId, callId, tool, content }] };
}

const ABANDONED = 'The turn was interrupted before this was finished; it may have taken effect in part.';
const NOT_BEGUN = 'The turn ended before this was begun.';

/** A call that the turn ends without: one that runs may have taken effect. */
export function rowsOfAbandoned({ callId }: { readonly callId: string }, view: TurnView): TurnRows {
  const { context, scope } = view;
  const effectId = runningEffect(callId, view);
  if (effectId === undefined) {
    const withdrawn = approvalsWithdrawn(scope.conversationId, scope.at);
    return { ...rowsOfRefusal({ callId, content: NOT_BEGUN }, view), writes: [withdrawn] };
  }
  const { turnId } = context;
  const { tool } = scope.call(callId);
  const end = { outcome: 'abandoned', content: ABANDONED, durationMs: 0 } as const;
  return { records: [{ type: 'tool.completed', turnId, effectId, callId, tool, ...end }] };
}

function runningEffect(callId: string, { open }: TurnView): string | undefined {
  return [...open].find(([, { kind, params }]) => kind === 'requestTool' && params.callId === callId)?.[0];
}

/** The end of the turn: the reply, in the journal and on its way to the channel. */
export function rowsOfReply(reply: Reply, { context, scope }: TurnView, id: string): TurnRows {
  const { turnId, usage, channel } = context;
  const { conversationId } = scope;
  const payload = { conversationId, turnId, text: reply.text, finish: reply.finish };
  return {
    records: [{ type: 'turn.replied', turnId, outboxId: id, usage, ...reply }],
    replies: [{ id, channel, payload }],
  };
}
