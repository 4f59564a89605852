import type { FastifyInstance } from 'fastify';
import { ApprovalsQuery, ApprovalsReply } from '../../core/api/approvals.ts';
import type { PendingApproval } from '../../core/assistant.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

export function addApprovals(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/approvals',
    tag: 'chat',
    summary: 'The questions that wait for the user, in one conversation or in all.',
    query: ApprovalsQuery,
    answer: ApprovalsReply,
    run: async ({ query }) =>
      ok({ approvals: (await assistant.pendingApprovals(query.thread_id)).map(toApproval) }),
  });
}

const toApproval = ({ scope, ...approval }: PendingApproval) => ({
  request_id: approval.approvalId,
  thread_id: approval.conversationId,
  tool_name: approval.tool,
  description: approval.reason,
  parameters: approval.arguments,
  allow_always: approval.allowAlways,
  ...(scope !== undefined && { scope }),
  origins: approval.origins,
  created_at: approval.requestedAt,
});
