import type { FastifyInstance } from 'fastify';
import { GatewayStatusReply } from '../../core/api/status.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';
import { budgetBars } from './usage.ts';

export function addStatus(app: FastifyInstance, context: ApiContext): void {
  const { assistant, clock } = context;
  addRoute(app, {
    method: 'GET',
    url: '/api/gateway/status',
    tag: 'status',
    summary: 'How the assistant is: since when it runs, who is connected, what today cost, what waits.',
    answer: GatewayStatusReply,
    async run() {
      const { startedAt, ...status } = assistant.status();
      const { clients, unreadBytes } = context.load();
      const [report, { days }, approvals] = await Promise.all([
        assistant.budget(),
        assistant.spending(1),
        assistant.pendingApprovals(),
      ]);
      return ok({
        ...status,
        started_at: startedAt,
        uptime_seconds: Math.max(0, Math.round((clock.now() - Date.parse(startedAt)) / 1000)),
        connections: clients,
        event_streams: context.streams.count(),
        unread_bytes: unreadBytes,
        cost_today_usd: report.today.spentMicroUsd / 1_000_000,
        budgets: budgetBars(report),
        calls_today: days[0]?.calls ?? 0,
        pending_approvals: approvals.length,
        memory_rss_bytes: process.memoryUsage.rss(),
        faults_allowed: context.allowFaults,
        restart_enabled: false as const,
      });
    },
  });
}
