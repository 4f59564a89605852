import type { FastifyInstance } from 'fastify';
import { type BudgetBar, UsageQuery, UsageReply } from '../../core/api/usage.ts';
import type { BudgetReport, BudgetState, Spending } from '../../core/budget.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

export function addUsage(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/usage',
    tag: 'usage',
    summary: 'What models cost in the last days, by day, model and conversation, beside the budgets.',
    query: UsageQuery,
    answer: UsageReply,
    async run({ query }) {
      const [report, history] = await Promise.all([assistant.budget(), assistant.spending(query.days)]);
      const { conversationMicroUsd, turnMicroUsd, agentMicroUsd } = report.limits;
      return ok({
        timezone: history.timezone,
        budgets: {
          ...budgetBars(report),
          conversation_limit_usd: usdOrNull(conversationMicroUsd),
          turn_limit_usd: usdOrNull(turnMicroUsd),
          agent_limit_usd: usdOrNull(agentMicroUsd),
        },
        by_day: history.days.map(({ day, ...spending }) => ({ day, ...sums(spending) })),
        by_model: history.models.map(({ model, ...spending }) => ({ model, ...sums(spending) })),
        by_conversation: history.conversations.map(({ conversationId, title, lastPaidAt, ...spending }) => ({
          thread_id: conversationId,
          title,
          last_paid_at: lastPaidAt,
          ...sums(spending),
        })),
      });
    },
  });
}

export const budgetBars = ({ today, month }: Pick<BudgetReport, 'today' | 'month'>) => ({
  today: toBar(today),
  month: toBar(month),
});

const toBar = (state: BudgetState): BudgetBar => ({
  period: state.period,
  spent_usd: usd(state.spentMicroUsd),
  reserved_usd: usd(state.reservedMicroUsd),
  limit_usd: usdOrNull(state.limitMicroUsd),
  added_usd: usd(state.addedMicroUsd),
});

const sums = ({ calls, inputTokens, outputTokens, spentMicroUsd }: Spending) => ({
  calls,
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  cost_usd: usd(spentMicroUsd),
});

const usd = (microUsd: number): number => microUsd / 1_000_000;

const usdOrNull = (microUsd: number | null): number | null => (microUsd === null ? null : usd(microUsd));
