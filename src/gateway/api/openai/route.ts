import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { OpenAiFailure } from '../../../core/api/openai.ts';
import type { Result } from '../../../core/result.ts';
import { sendFailure } from '../answers.ts';
import { explained } from '../explained.ts';
import type { ApiFailure } from '../failure.ts';
import { type Described, describe, type Exchange, type Parts, readParts } from '../route.ts';

export interface OpenAiRoute<B, P> extends Parts<B, undefined, P>, Described {
  readonly method: 'GET' | 'POST';
  readonly answer: z.ZodType;
  /** Bytes. */
  readonly bodyLimit?: number;
  /** Sends the answer itself, whole or as a stream; what it returns is refused. */
  readonly run: (exchange: Exchange<B, undefined, P>) => Promise<Result<void, ApiFailure>>;
}

/** Attachments of 10 MiB as base64, and room around them. */
const BODY_LIMIT = 14 * 1024 * 1024;

/** Adds a route whose failures are told in OpenAI's words. Its URL is as OpenAI's after `/v1`. */
export function addOpenAiRoute<B = undefined, P = undefined>(
  app: FastifyInstance,
  route: OpenAiRoute<B, P>,
): void {
  const { method, url, body, bodyLimit = BODY_LIMIT } = route;
  app.route({
    method,
    url,
    bodyLimit,
    config: { access: 'user', body: body === undefined ? 'none' : 'json' },
    // Under `/api` are the same routes once more.
    schema: { ...describeFor(route), hide: app.prefix.startsWith('/api') },
    async handler(request, reply) {
      const parts = readParts(route, request);
      if (!parts.ok) return sendFailure(reply, parts.error);
      const { identity } = request;
      const tried = await explained(() => route.run({ ...parts.value, identity, request, reply }));
      const done = tried.ok ? tried.value : tried;
      return done.ok ? reply : sendFailure(withoutRetry(reply, done.error), done.error);
    },
  });
}

const describeFor = <B, P>(route: OpenAiRoute<B, P>): object => ({
  ...describe(route, {}),
  response: { 200: route.answer, '4XX': OpenAiFailure, '5XX': OpenAiFailure },
});

/** Clients ask again after 409 and 5xx unless told not to. Another try would be another turn; a full house will not stay. */
function withoutRetry(reply: FastifyReply, { status, retryAfterSeconds }: ApiFailure): FastifyReply {
  const isFinal = status === 409 || (status >= 500 && retryAfterSeconds === undefined);
  return isFinal ? reply.header('x-should-retry', 'false') : reply;
}
