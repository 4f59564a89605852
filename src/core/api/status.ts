import { z } from 'zod';
import { moment } from './fields.ts';
import { BudgetBars } from './usage.ts';

export const GatewayStatusReply = z.object({
  ready: z.boolean(),
  version: z.string(),
  started_at: moment,
  uptime_seconds: z.number(),
  database: z.string(),
  model: z.string(),
  /** Clients that are connected by WebSocket, and bytes that wait for them. */
  connections: z.number(),
  event_streams: z.number(),
  unread_bytes: z.number(),
  cost_today_usd: z.number(),
  budgets: BudgetBars,
  /** Calls of models today. */
  calls_today: z.number(),
  /** Questions that wait for the user. */
  pending_approvals: z.number(),
  memory_rss_bytes: z.number(),
  /** Whether clients may crash actors. */
  faults_allowed: z.boolean(),
  /** Whether the assistant can start itself anew; it cannot. */
  restart_enabled: z.literal(false),
});

export type GatewayStatusReply = z.infer<typeof GatewayStatusReply>;
