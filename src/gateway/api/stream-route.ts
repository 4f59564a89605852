import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { opaque } from '../../core/api/fields.ts';
import { err, type Result } from '../../core/result.ts';
import type { EventStream } from '../event-stream.ts';
import { sendFailure } from './answers.ts';
import type { ApiContext } from './context.ts';
import type { ApiFailure } from './failure.ts';
import { type Described, describe, type Exchange, type Parts, readParts } from './route.ts';

export interface StreamRoute<B, Q, P> extends Parts<B, Q, P>, Described {
  /** GET unless said otherwise. */
  readonly method?: 'GET' | 'POST';
  /** What the data of an event is, for the OpenAPI document. */
  readonly data?: z.ZodType;
  /** Looks at the request; refuses it, or says what feeds the stream. That must stop when `stream.ended` fires. */
  readonly open: (exchange: Exchange<B, Q, P>) => Promise<Result<(stream: EventStream) => void, ApiFailure>>;
}

/** Adds a route that answers with server-sent events. */
export function addStream<B = undefined, Q = undefined, P = undefined>(
  app: FastifyInstance,
  { streams }: Pick<ApiContext, 'streams'>,
  route: StreamRoute<B, Q, P>,
): void {
  const { method = 'GET', url, access = 'user' } = route;
  app.route({
    method,
    url,
    config: { access, body: route.body === undefined ? 'none' : 'json' },
    schema: describe(route, { 200: eventsOf(route.data) }),
    async handler(request, reply) {
      const parts = readParts(route, request);
      if (!parts.ok) return sendFailure(reply, parts.error);
      const { identity } = request;
      const opened = await route.open({ ...parts.value, identity, request, reply });
      if (!opened.ok) return sendFailure(reply, opened.error);
      const stream = streams.open(identity, reply.raw, reply.getHeaders());
      if (stream === undefined) return sendFailure(reply, FULL.error);
      reply.hijack();
      opened.value(stream);
    },
  });
}

const FULL = err<ApiFailure>({
  status: 503,
  code: 'busy',
  message:
    'Too many event streams are open. Close one first, or use one WebSocket for several conversations.',
  retryAfterSeconds: 5,
});

const eventsOf = (schema: z.ZodType = opaque<unknown>()) => ({
  description: 'Server-sent events; this is the data of one.',
  content: { 'text/event-stream': { schema } },
});
