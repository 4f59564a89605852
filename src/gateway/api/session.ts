import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Health, LoginLink } from '../../core/api/session.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

const tag = 'session';

export function addSession(app: FastifyInstance, { loginLink }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/health',
    tag,
    summary: 'That the process lives; `/readyz` says whether it can be used.',
    access: 'public',
    answer: Health,
    run: async () => ok({ status: 'healthy' as const, channel: 'gateway' as const }),
  });
  // The page asks here whether it is logged in: a refused WebSocket does not tell a browser why.
  addRoute(app, {
    method: 'GET',
    url: '/api/session',
    tag,
    summary: 'Whether one is logged in.',
    status: 204,
    answer: z.undefined(),
    run: async () => ok(undefined),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/login-link',
    tag,
    summary: 'A link that logs one browser in, once. For the bearer of the token only.',
    access: 'token',
    bodyLimit: 16 * 1024,
    answer: LoginLink,
    run: async () => ok({ link: loginLink() }),
  });
}
