import type { BudgetReport, BudgetState, ConversationSpending, ModelSpending } from '../core/budget.ts';
import type { Clock } from '../core/clock.ts';
import type { Queryable } from '../storage/index.ts';
import type { BudgetLimits } from './limits.ts';
import { daySpan, monthSpan, periodsAt } from './period.ts';

export interface ReportSource {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly timezone: string;
  readonly limits: BudgetLimits;
}

const CONVERSATIONS = 10;

/** Reads every call of this month and the sum of every conversation: milliseconds for tens of thousands of each. */
export async function readReport(source: ReportSource): Promise<BudgetReport> {
  const { database, clock, timezone, limits } = source;
  const now = clock.now();
  const { day, month } = periodsAt(now, timezone);
  const [today, thisMonth, models, conversations] = await Promise.all([
    readState(database, 'user-day', day, limits.dayMicroUsd),
    readState(database, 'user-month', month, limits.monthMicroUsd),
    readModels(source, now),
    readConversations(database),
  ]);
  return { today, month: thisMonth, limits: limitsOfEach(limits), models, conversations };
}

const limitsOfEach = ({ conversationMicroUsd, turnMicroUsd, agentMicroUsd }: BudgetLimits) => ({
  conversationMicroUsd: conversationMicroUsd || null,
  turnMicroUsd: turnMicroUsd || null,
  agentMicroUsd: agentMicroUsd || null,
});

interface SumRow extends Record<string, unknown> {
  readonly spent: number;
  readonly reserved: number;
  readonly added: number;
}

async function readState(
  database: Queryable,
  kind: string,
  period: string,
  allowance: number,
): Promise<BudgetState> {
  const { rows } = await database.query<SumRow>(
    'select spent, reserved, added from budget where scope = $1::text',
    [`${kind}/${period}`],
  );
  const { spent, reserved, added } = rows[0] ?? { spent: 0, reserved: 0, added: 0 };
  return {
    period,
    limitMicroUsd: allowance === 0 ? null : allowance + added,
    addedMicroUsd: added,
    spentMicroUsd: spent,
    reservedMicroUsd: reserved,
  };
}

interface ModelRow extends Record<string, unknown> {
  readonly model: string;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly today: number;
  readonly month: number;
}

async function readModels(
  { database, timezone }: ReportSource,
  now: number,
): Promise<readonly ModelSpending[]> {
  const [day, month] = [daySpan(now, timezone), monthSpan(now, timezone)];
  const { rows } = await database.query<ModelRow>(
    `select model, count(*) as calls, sum(spent)::bigint as month,
            sum(input_tokens)::bigint as input, sum(output_tokens)::bigint as output,
            coalesce(sum(spent) filter (where at >= $3 and at < $4), 0)::bigint as today
       from spend where at >= $1 and at < $2 and model is not null
      group by model order by month desc, model`,
    [new Date(month.start), new Date(month.end), new Date(day.start), new Date(day.end)],
  );
  return rows.map((row) => ({
    model: row.model,
    calls: row.calls,
    inputTokens: row.input,
    outputTokens: row.output,
    todayMicroUsd: row.today,
    monthMicroUsd: row.month,
  }));
}

interface ConversationRow extends Record<string, unknown> {
  readonly id: string;
  readonly title: string | null;
  readonly spent: number;
  readonly reserved: number;
  readonly at: Date;
}

async function readConversations(database: Queryable): Promise<readonly ConversationSpending[]> {
  const { rows } = await database.query<ConversationRow>(
    `select b.id, c.title, b.spent, b.reserved, b.at
       from (select substr(scope, 14) as id, spent, reserved, at from budget
              where scope like 'conversation/%' and spent + reserved > 0
              order by at desc, scope limit ${CONVERSATIONS}) b
       left join conversation c on c.id = b.id
      order by b.at desc, b.id`,
  );
  return rows.map((row) => ({
    conversationId: row.id,
    title: row.title,
    spentMicroUsd: row.spent,
    reservedMicroUsd: row.reserved,
    lastPaidAt: row.at.toISOString(),
  }));
}
