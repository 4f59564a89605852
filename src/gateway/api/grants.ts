import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GrantBody, GrantParams, GrantReply } from '../../core/api/settings.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { notFound } from './failure.ts';
import { addRoute } from './route.ts';

/** Grants are listed with their tools, under `/api/settings/tools`. */
export function addGrants(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/grants',
    tag: 'settings',
    summary: 'Allows something beforehand: a tool, perhaps for some targets and for a time.',
    body: GrantBody,
    answer: GrantReply,
    status: 201,
    run: ({ body: { tool, targets, expires_at, influenced } }) =>
      explained(async () => {
        const { grantId, scope } = await assistant.addGrant({
          tool,
          targets,
          influenced,
          ...(expires_at !== undefined && { expiresAt: expires_at }),
        });
        return { grant_id: grantId, scope };
      }),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/grants/:id',
    tag: 'settings',
    summary: 'Takes a grant back, from the next call on.',
    params: GrantParams,
    status: 204,
    answer: z.undefined(),
    run: async ({ params }) =>
      (await assistant.revokeGrant(params.id))
        ? ok(undefined)
        : notFound('There is no such grant (any more).'),
  });
}
