import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../admission.ts';
import type { GatewayLog } from '../log.ts';
import type { ApiFailure } from './failure.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The one shape of everything that went wrong: `{error: {code, message, field?}}`. */
export function sendFailure(reply: FastifyReply, failure: ApiFailure | Refusal): FastifyReply {
  const { status, code, message, retryAfterSeconds } = failure;
  const field = 'field' in failure ? failure.field : undefined;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  return reply.code(status).send({ error: { code, message, ...(field !== undefined && { field }) } });
}

export function sendNotFound(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const url = request.url.split('?')[0] ?? '/';
  const allowed = METHODS.filter((method) => app.findRoute({ method, url }) !== null);
  if (allowed.length === 0) {
    return sendFailure(reply, {
      status: 404,
      code: 'not-found',
      message: 'There is nothing at this address.',
    });
  }
  reply.header('allow', allowed.join(', '));
  const message = `This address takes ${allowed.join(' or ')} only.`;
  return sendFailure(reply, { status: 405, code: 'method-not-allowed', message });
}

interface Thrown extends Error {
  readonly statusCode?: number;
  readonly code?: string;
}

const CODES: Readonly<Record<number, string>> = {
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** What was thrown: the server's own refusals of a request, or a bug, which the log is told of and the client not. */
export function sendThrown(thrown: unknown, reply: FastifyReply, log: GatewayLog): FastifyReply {
  const error: Thrown = thrown instanceof Error ? thrown : new Error(String(thrown));
  const status = error.statusCode ?? 500;
  if (status < 500)
    return sendFailure(reply, { status, code: CODES[status] ?? 'bad-request', message: error.message });
  log.error({ err: error }, 'a request failed');
  const message = 'The assistant could not answer. Its log says why.';
  return sendFailure(reply, { status: 500, code: 'internal', message });
}
