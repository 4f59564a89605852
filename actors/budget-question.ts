import type { BudgetQuestion, TurnEvent } from '../machines/turn.ts';
import { describeStop } from '../src/budget/index.ts';
import type { BudgetStop } from '../src/core/journal.ts';
import { approvalDecided, approvalRequested, approvalsWithdrawn } from './approval-rows.ts';
import { questionNotice } from './jobs/question-notice.ts';
import type { TurnRows, TurnView } from './turn-scope.ts';

/** What a question about a budget stands under, where one about a call names its tool. */
const TOOL = 'budget';

/** Puts it to the user that a budget is used up. */
export function rowsOfBudgetQuestion(
  { approvalId, stop }: BudgetQuestion,
  { context: { turnId }, scope }: TurnView,
): TurnRows {
  const call = { callId: stop.scope, tool: TOOL, arguments: shown(stop) };
  const request = { callId: call.callId, approvalId, reason: describeStop(stop), allowAlways: false };
  return {
    records: [{ type: 'approval.requested', turnId, ...call, ...request }],
    writes: [
      approvalRequested(scope.conversationId, call, request, scope.at),
      ...questionNotice(scope, request),
    ],
  };
}

type Decided = Extract<TurnEvent, { type: 'approval.decided' }>;

/** A yes gives the budget its limit once more. */
export function rowsOfBudgetDecision(
  { inboxId, ...decided }: Decided,
  { stop }: BudgetQuestion,
  { context: { turnId }, scope }: TurnView,
): TurnRows {
  const { env, at, conversationId } = scope;
  const extended = decided.decision !== 'deny';
  const message = `The user ${extended ? 'extended' : 'did not extend'} ${stop.name}.`;
  const line = { kind: 'approval.decided', tool: TOOL, conversationId, effectId: inboxId, message } as const;
  return {
    records: [{ ...decided, turnId, callId: stop.scope, tool: TOOL }],
    writes: [
      approvalDecided(decided, at),
      ...(extended ? [env.budgets.extend(stop, at)] : []),
      ...env.audit.statements([line]),
    ],
  };
}

/** The turn ended before the question was answered. */
export function rowsOfWithdrawal(_: unknown, { scope }: TurnView): TurnRows {
  return { writes: [approvalsWithdrawn(scope.conversationId, scope.at)] };
}

const shown = ({ limitMicroUsd, spentMicroUsd }: BudgetStop) => ({
  limit_usd: limitMicroUsd / 1e6,
  spent_usd: spentMicroUsd / 1e6,
});
