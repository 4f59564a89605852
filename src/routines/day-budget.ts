import { allowStatement, formatUsd, routineBudget } from '../budget/index.ts';
import type { Routine } from '../core/routines.ts';
import { notificationStatement } from '../notifications/index.ts';
import type { Queryable, Statement } from '../storage/index.ts';
import { fromRoutine } from './ledger.ts';

/** A day's budget that is used up, or does not cover another step. Amounts are millionths of a US dollar. */
export interface UsedUp {
  /** Of the user's: `2026-11-21`. */
  readonly day: string;
  readonly limitMicroUsd: number;
  /** With what is set aside. */
  readonly spentMicroUsd: number;
}

type Limited = Pick<Routine, 'id' | 'guardrails'>;

/** What today's runs of these routines may cost; to be committed with their start. */
export function allowToday(routines: readonly Limited[], day: string, now: number): readonly Statement[] {
  const limits = new Map(
    routines.map(({ id, guardrails }) => [routineBudget(id, day), guardrails.dayMicroUsd]),
  );
  const allowances = [...limits].flatMap(([scope, microUsd]) => (microUsd > 0 ? [{ scope, microUsd }] : []));
  return allowances.length === 0 ? [] : [allowStatement(allowances, now)];
}

/**
 * Which of these routines may not start any more today, by their ids: their budget is used up, or the user was told so
 * because it did not cover the next step of a run. A limit that is changed makes that void.
 *
 * Cost: none where no routine is limited; else one query, two look-ups by primary key for each that is.
 */
export async function usedUpBudgets(
  database: Queryable,
  routines: readonly Limited[],
  day: string,
): Promise<ReadonlyMap<string, UsedUp>> {
  const limited = routines.flatMap(({ id, guardrails: { dayMicroUsd } }) =>
    dayMicroUsd > 0
      ? [{ id, scope: routineBudget(id, day), key: keyOf(id, day, dayMicroUsd), most: dayMicroUsd }]
      : [],
  );
  if (limited.length === 0) return NONE;
  const { rows } = await database.query<UsedUpRow>(USED_UP, [JSON.stringify(limited)]);
  return new Map(rows.map(({ id, most, used }) => [id, { day, limitMicroUsd: most, spentMicroUsd: used }]));
}

const NONE: ReadonlyMap<string, UsedUp> = new Map();

type UsedUpRow = { readonly id: string; readonly most: number; readonly used: number };

/** Why a start is passed over. */
export function usedUpReason({ day, limitMicroUsd, spentMicroUsd }: UsedUp): string {
  const state = spentMicroUsd < limitMicroUsd ? 'does not cover another step' : 'is used up';
  return `Its budget of ${formatUsd(limitMicroUsd)} for ${day} ${state} (${formatUsd(spentMicroUsd)} spent).`;
}

/** Told once for each day and limit. From then on it rests until the day is over. */
export function usedUpStatement(
  routine: Pick<Routine, 'id' | 'name' | 'conversationId'>,
  usedUp: UsedUp,
  now: number,
): Statement {
  const { id, name, conversationId } = routine;
  const notification = {
    kind: 'routine.used-up',
    key: keyOf(id, usedUp.day, usedUp.limitMicroUsd),
    from: fromRoutine(routine),
    text: `${usedUpReason(usedUp)} It goes on the next day, or with more: ironbark routines edit ${JSON.stringify(name)} --budget AMOUNT`,
    conversationId,
    origins: [],
  } as const;
  return notificationStatement(notification, now);
}

const keyOf = (routineId: string, day: string, limitMicroUsd: number): string =>
  `routine/${routineId}/used-up/${day}/${limitMicroUsd}`;

const USED_UP = `
  select g.id, g.most, coalesce(b.spent + b.reserved, 0)::bigint as used
    from jsonb_to_recordset($1::text::jsonb) as g(id text, scope text, key text, most bigint)
    left join budget b on b.scope = g.scope
   where coalesce(b.spent + b.reserved, 0) >= g.most or exists (select from notification n where n.key = g.key)`;
