import type { AgentOrder, Purpose } from '../core/journal.ts';
import type { Value } from '../storage/index.ts';
import type { BudgetLimits } from './limits.ts';
import type { Periods } from './period.ts';
import { routineBudget } from './scope-name.ts';

/** On whose behalf a model is called. */
export interface Payer {
  readonly conversationId: string;
  readonly turnId: string;
  /** Where an agent's turn calls it: what it was ordered to do, and by whom. */
  readonly agent?: AgentOrder;
}

/** A budget that a payer pays from, as far as it knows without asking the database. */
interface OwnBudget {
  readonly scope: string;
  /** Millionths of a US dollar; 0: no limit. */
  readonly allowance: number;
}

/** All of them: its own, and the name of the agent that it inherits further ones from. */
export interface Payers {
  readonly own: readonly OwnBudget[];
  readonly agent: string | null;
  readonly parent: string | null;
}

/**
 * An agent pays from its own budget, and whoever ordered it pays as well: at depth 1 the user's conversation and turn,
 * further down the agent above with all that it pays from. Work that nobody waits for in a turn (a job, a run of a
 * routine) is paid by what it is a part of, else by the conversation that it was ordered in.
 */
export function payersOf(payer: Payer, limits: BudgetLimits, { day, month }: Periods): Payers {
  const user = [
    { scope: `user-day/${day}`, allowance: limits.dayMicroUsd },
    { scope: `user-month/${month}`, allowance: limits.monthMicroUsd },
  ];
  const { conversationId, turnId, agent: order } = payer;
  if (!order) return { own: [...user, ...talk(conversationId, turnId, limits)], agent: null, parent: null };

  const agent = scopeOfWork(conversationId);
  if (order.purpose) return workPayers(order, order.purpose, agent, user, limits);
  const mine = { scope: agent, allowance: lesser(order.budgetMicroUsd ?? 0, limits.agentMicroUsd) };
  if (order.depth > 1)
    return { own: [...user, mine], agent, parent: scopeOfWork(order.parentConversationId) };
  const parents = talk(order.parentConversationId, order.parentTurnId, limits);
  return { own: [...user, ...parents, mine], agent, parent: null };
}

function workPayers(
  { budgetMicroUsd, parentConversationId }: AgentOrder,
  { within }: Purpose,
  agent: string,
  user: readonly OwnBudget[],
  { conversationMicroUsd }: BudgetLimits,
): Payers {
  const own = [...user, { scope: agent, allowance: budgetMicroUsd ?? 0 }];
  if (within?.kind === 'routine') return { own, agent, parent: routineBudget(within.id, within.day) };
  if (within) return { own, agent, parent: `job/${within.id}` };
  if (parentConversationId === '') return { own, agent, parent: null };
  const talk = { scope: `conversation/${parentConversationId}`, allowance: conversationMicroUsd };
  return { own: [...own, talk], agent, parent: null };
}

/** Whether a budget may stand in the way. Agents above may have one that only the database knows. */
export const isLimited = ({ own, parent }: Payers): boolean =>
  parent !== null || own.some(({ allowance }) => allowance > 0);

/** The last four parameters of `payer_scopes`. */
export const payersParams = ({ own, agent, parent }: Payers): readonly Value[] => [
  own.map(({ scope }) => scope),
  own.map(({ allowance }) => allowance),
  agent,
  parent,
];

/** Turns are many, so only those that have a limit are counted. */
function talk(conversationId: string, turnId: string, limits: BudgetLimits): readonly OwnBudget[] {
  const conversation = { scope: `conversation/${conversationId}`, allowance: limits.conversationMicroUsd };
  if (limits.turnMicroUsd === 0) return [conversation];
  return [conversation, { scope: `turn/${turnId}`, allowance: limits.turnMicroUsd }];
}

/** The id of a conversation says whose work is done in it. */
function scopeOfWork(conversationId: string): string {
  const [, kind = '', id = ''] = /^(job|run|heartbeat)-(.+)$/.exec(conversationId) ?? [];
  return kind === '' ? `agent/${conversationId}` : `${kind}/${id}`;
}

/** The stricter of two limits. */
const lesser = (a: number, b: number): number => (a > 0 && b > 0 ? Math.min(a, b) : Math.max(a, b));
