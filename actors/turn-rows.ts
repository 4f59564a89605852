import type { ApprovalRequest } from '../machines/tool-calls.ts';
import type { Nudge, Reply, TurnEvent } from '../machines/turn.ts';
import { NUDGES } from '../src/llm/index.ts';
import { fingerprintOf } from '../src/policy/index.ts';
import type { Statement } from '../src/storage/index.ts';
import { approvalDecided, approvalRequested, approvalsWithdrawn } from './approval-rows.ts';
import { rowsOfBudgetDecision } from './budget-question.ts';
import { questionNotice } from './jobs/question-notice.ts';
import { abandonedAct, auditLine, unknownAct } from './turn-audit.ts';
import { askedCall, type TurnRows, type TurnScope, type TurnView } from './turn-scope.ts';

/** What an event writes of its own. */
export function rowsOfEvent(event: TurnEvent, view: TurnView): TurnRows {
  const { turnId } = view.context;
  switch (event.type) {
    case 'turn.began':
    case 'turn.routed':
    case 'turn.steered':
    case 'history.compacted':
    case 'command.completed':
      return { records: [{ ...event, turnId }] };
    case 'model.completed': {
      const { announced: _, ...completed } = event;
      return { records: [{ ...completed, turnId }] };
    }
    case 'model.failed': {
      const { approvalId: _, ...failed } = event;
      return { records: [{ ...failed, turnId }] };
    }
    case 'tool.completed': {
      const { repeats: _, ...completed } = event;
      return { records: [{ ...completed, turnId, tool: view.scope.call(event.callId).tool }] };
    }
    case 'approval.decided':
      return view.before.budget?.approvalId === event.approvalId
        ? rowsOfBudgetDecision(event, view.before.budget, view)
        : rowsOfDecision(event, view);
    case 'tool.unknown':
      return { writes: unknownAct(event, view.scope) };
    case 'turn.interrupted':
    case 'turn.abandoned':
    case 'calls.judged':
    case 'compaction.failed':
      return {};
  }
}

type Decided = Extract<TurnEvent, { type: 'approval.decided' }>;

function rowsOfDecision(event: Decided, { before, context, scope }: TurnView): TurnRows {
  const { inboxId, ...decided } = event;
  const asked = askedCall(before, event.approvalId);
  const { callId, tool } = scope.call(asked?.callId ?? '');
  const line = { kind: 'approval.decided', message: decisionText(event) } as const;
  return {
    records: [{ ...decided, turnId: context.turnId, callId, tool }],
    writes: [
      approvalDecided(event, scope.at),
      ...granted(event, callId, asked?.fingerprint, scope),
      ...auditLine({ callId, effectId: inboxId }, line, scope),
    ],
  };
}

function decisionText({ decision, reason }: Decided): string {
  return `The user answered: ${decision}${reason === null ? '' : ` (${reason})`}.`;
}

/** What an answer allows beyond the call itself: of the tool that was shown, not of one that took its place. */
function granted(
  { approvalId, decision, inboxId }: Decided,
  callId: string,
  shown: string | undefined,
  scope: TurnScope,
): readonly Statement[] {
  const { call, origins } = scope.madeCall(callId);
  const { env, conversationId, at } = scope;
  const tool = env.tools.get(call.tool);
  if (!tool || (decision !== 'always' && decision !== 'conversation')) return [];
  if (fingerprintOf(tool, call.arguments) !== shown) return [];
  const where = decision === 'always' ? null : conversationId;
  const grant = env.policy.grantStatement({
    grantId: env.ids.next(),
    tool,
    arguments: call.arguments,
    conversationId: where,
    influenced: origins.length > 0,
    approvalId,
    at,
  });
  const message = where === null ? 'Granted for every conversation.' : 'Granted for this conversation.';
  return [grant, ...auditLine({ callId, effectId: inboxId }, { kind: 'grant.given', message }, scope)];
}

export function rowsOfNudge({ reason }: Nudge, { context: { turnId } }: TurnView): TurnRows {
  return { records: [{ type: 'turn.nudged', turnId, reason, text: NUDGES[reason] }] };
}

export function rowsOfApproval(request: ApprovalRequest, { context, scope }: TurnView): TurnRows {
  const { turnId } = context;
  const call = scope.call(request.callId);
  return {
    records: [{ type: 'approval.requested', turnId, ...call, ...request }],
    writes: [
      approvalRequested(scope.conversationId, call, request, scope.at),
      ...questionNotice(scope, request),
    ],
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
/** What a call is told that the turn ends without. */
export const NOT_BEGUN = 'The turn ended before this was begun.';

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
  return {
    records: [{ type: 'tool.completed', turnId, effectId, callId, tool, ...end }],
    writes: abandonedAct({ callId, effectId }, scope),
  };
}

function runningEffect(callId: string, { open }: TurnView): string | undefined {
  return [...open].find(([, { kind, params }]) => kind === 'requestTool' && params.callId === callId)?.[0];
}

/** The end of the turn: the reply, in the journal and on its way to the channel. */
export function rowsOfReply(reply: Reply, { context, scope }: TurnView, id: string): TurnRows {
  const { turnId, usage, channel } = context;
  const { conversationId } = scope;
  const payload = { conversationId, turnId, text: reply.text, finish: reply.finish };
  const { origins } = scope;
  const under = reply.finish === 'interrupted' && origins.length > 0 ? { origins } : {};
  return {
    records: [{ type: 'turn.replied', turnId, outboxId: id, usage, ...reply, ...under }],
    replies: [{ id, channel, payload }],
  };
}
