import type { FastifyInstance } from 'fastify';
import { AuditQuery, AuditReply, AuditVerifyReply } from '../../core/api/audit.ts';
import type { AuditEntry } from '../../core/audit.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

const tag = 'audit';

export function addAudit(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/audit',
    tag,
    summary: 'The latest lines of the audit log, newest first.',
    query: AuditQuery,
    answer: AuditReply,
    run: async ({ query }) => ok({ entries: (await assistant.audit(query)).map(toEntry) }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/audit/verify',
    tag,
    summary: 'Computes the chain of the whole audit log anew. 100,000 lines take about a second.',
    answer: AuditVerifyReply,
    run: async () => ok(await assistant.verifyAudit()),
  });
}

const toEntry = (entry: AuditEntry) => ({
  id: entry.id,
  at: entry.at,
  kind: entry.kind,
  tool: entry.tool,
  user: entry.user ?? null,
  actor: entry.actor ?? null,
  rule: entry.rule ?? null,
  message: entry.message,
  origins: entry.origins ?? [],
  thread_id: entry.conversationId ?? null,
  effect_id: entry.effectId ?? null,
  detail: entry.detail ?? {},
  hash: entry.hash,
});
