import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Failure } from '../../core/api/failure.ts';
import { opaque } from '../../core/api/fields.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Identity } from '../admission.ts';
import type { Rate } from '../rate-limit.ts';
import { sendFailure } from './answers.ts';
import type { ApiFailure } from './failure.ts';
import { explainIssue } from './issue.ts';

/** Who may call: whoever is logged in (unless said otherwise), the bearer of a token, anybody. */
export type Access = 'user' | 'token' | 'public';

/** Which of its parts a request declares, and how each is read. What is not declared is not looked at. */
export interface Parts<B, Q, P> {
  readonly body?: z.ZodType<B>;
  readonly query?: z.ZodType<Q>;
  readonly params?: z.ZodType<P>;
}

export interface Described {
  readonly url: string;
  /** The area it belongs to in the OpenAPI document. */
  readonly tag: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  readonly access?: Access;
  /** How often one user may ask for it, beside what holds for everything. Routes of one name count together. */
  readonly rate?: NamedRate;
}

export interface NamedRate extends Rate {
  readonly name: string;
}

export interface Route<B, Q, P, A> extends Parts<B, Q, P>, Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly answer: z.ZodType<A>;
  /** 200 unless said otherwise; a 204 has no body. */
  readonly status?: number;
  /** Bytes; 64 KiB unless said otherwise. */
  readonly bodyLimit?: number;
  /** The body is handed over as bytes, whatever its type: `request.body` is a Buffer. */
  readonly rawBody?: true;
  readonly run: (exchange: Exchange<B, Q, P>) => Promise<Result<A, ApiFailure>>;
}

export interface Exchange<B, Q, P> {
  readonly body: B;
  readonly query: Q;
  readonly params: P;
  readonly identity: Identity;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const BODY_LIMIT = 64 * 1024;

/** Adds a route whose schemas check what comes in, type what runs, and stand in the OpenAPI document. */
export function addRoute<A, B = undefined, Q = undefined, P = undefined>(
  app: FastifyInstance,
  route: Route<B, Q, P, A>,
): void {
  const { method, url, status = 200, run, answer } = route;
  app.route({
    method,
    url,
    bodyLimit: route.bodyLimit ?? BODY_LIMIT,
    config: {
      access: route.access ?? 'user',
      body: bodyKind(route),
      ...(route.rate && { rate: route.rate }),
    },
    schema: describe(route, { [status]: answer }),
    async handler(request, reply) {
      const parts = readParts(route, request);
      if (!parts.ok) return sendFailure(reply, parts.error);
      const { identity } = request;
      const outcome = await run({ ...parts.value, identity, request, reply });
      if (!outcome.ok) return sendFailure(reply, outcome.error);
      return reply.code(status).send(outcome.value);
    },
  });
}

function bodyKind({ rawBody, body }: { rawBody?: true; body?: unknown }): BodyKind {
  if (rawBody) return 'raw';
  return body === undefined ? 'none' : 'json';
}

/** How the body of a route is taken in. */
export type BodyKind = 'json' | 'raw' | 'none';

/** For the OpenAPI document alone: checking is done by `readParts`, which also types what it read. */
export function describe(
  { body, query, params, tag, summary, access }: Parts<unknown, unknown, unknown> & Described,
  answers: Readonly<Record<string, unknown>>,
): object {
  return {
    tags: [tag],
    summary,
    ...(body !== undefined && { body }),
    ...(query !== undefined && { querystring: query }),
    ...(params !== undefined && { params }),
    ...(access === 'public' && { security: [] }),
    response: { ...answers, '4XX': Failure },
  };
}

interface Read<B, Q, P> {
  readonly body: B;
  readonly query: Q;
  readonly params: P;
}

/** Reads every part of a request that was declared; the first fault is the answer. */
export function readParts<B, Q, P>(
  parts: Parts<B, Q, P>,
  request: FastifyRequest,
): Result<Read<B, Q, P>, ApiFailure> {
  const params = read(parts.params, request.params, 'path');
  if (!params.ok) return params;
  const query = read(parts.query, request.query, 'query');
  if (!query.ok) return query;
  const body = read(parts.body, request.body, '');
  if (!body.ok) return body;
  return ok({ body: body.value, query: query.value, params: params.value });
}

function read<T>(schema: z.ZodType<T> | undefined, given: unknown, place: string): Result<T, ApiFailure> {
  // Where nothing was declared the type is undefined, by the defaults of `addRoute`.
  const parsed = schema === undefined ? opaque<T>().safeParse(undefined) : schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const { field, reason } = explainIssue(parsed.error, place);
  const message = field === '' ? `The request ${reason}.` : `${field}: ${reason}`;
  return err({ status: 400, code: 'invalid', message, ...(field !== '' && { field }) });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. On public routes nobody was asked for it. */
    identity: Identity;
  }
  interface FastifyContextConfig {
    readonly access?: Access;
    readonly body?: BodyKind;
    readonly rate?: NamedRate;
  }
}
