import { z } from 'zod';
import { count, moment } from './fields.ts';

const bar = z.object({
  /** `2026-11-21` or `2026-11`. */
  period: z.string(),
  spent_usd: z.number(),
  /** The most that calls may cost which run now. */
  reserved_usd: z.number(),
  /** With what the user added; null: none. */
  limit_usd: z.number().nullable(),
  added_usd: z.number(),
});

export const BudgetBars = z.object({ today: bar, month: bar });

export const UsageQuery = z.object({ days: count(30, 366) });
export const UsageReply = z.object({
  timezone: z.string(),
  budgets: BudgetBars.extend({
    conversation_limit_usd: z.number().nullable(),
    turn_limit_usd: z.number().nullable(),
    agent_limit_usd: z.number().nullable(),
  }),
  /** Every day of the user's, oldest first, also those on which nothing was spent. */
  by_day: z.array(
    z.object({
      day: z.string(),
      calls: z.number(),
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost_usd: z.number(),
    }),
  ),
  /** Of these days, the dearest first. */
  by_model: z.array(
    z.object({
      model: z.string(),
      calls: z.number(),
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost_usd: z.number(),
    }),
  ),
  /** Of these days, the dearest first; 50 at most. */
  by_conversation: z.array(
    z.object({
      thread_id: z.string(),
      title: z.string().nullable(),
      calls: z.number(),
      cost_usd: z.number(),
      last_paid_at: moment,
    }),
  ),
});

export type UsageReply = z.infer<typeof UsageReply>;
export type BudgetBar = z.infer<typeof bar>;
