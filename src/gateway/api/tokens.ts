import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  type ApiToken as ApiTokenShape,
  TokenBody,
  TokenCreatedReply,
  TokenParams,
  TokensReply,
} from '../../core/api/tokens.ts';
import { err, ok } from '../../core/result.ts';
import type { Identity } from '../admission.ts';
import type { ApiToken } from '../api-tokens.ts';
import type { ApiContext } from './context.ts';
import { type ApiFailure, conflict, notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'tokens';
const DAY_MS = 86_400_000;

export function addTokens(app: FastifyInstance, { apiTokens, closeApiToken, clock }: ApiContext): void {
  const shown = (token: ApiToken) => shownAt(token, clock.now());

  addRoute(app, {
    method: 'GET',
    url: '/api/tokens',
    tag,
    summary: 'The tokens that were made for programs; never what they are.',
    answer: TokensReply,
    run: async ({ identity }) =>
      isProgram(identity) ? NOT_FOR_PROGRAMS : ok({ tokens: apiTokens.list().map(shown) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/tokens',
    tag,
    summary: 'Makes a token for a program. It is shown this once.',
    body: TokenBody,
    answer: TokenCreatedReply,
    status: 201,
    async run({ body, identity }) {
      if (isProgram(identity)) return NOT_FOR_PROGRAMS;
      const days = body.expires_in_days;
      const made = await apiTokens.create(body.name, days === undefined ? null : days * DAY_MS);
      if (made === undefined) return conflict('There are too many tokens. Take some back first.');
      return ok({ ...shown(made.token), token: made.secret });
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/tokens/:id',
    tag,
    summary: 'Takes a token back: at once it opens nothing, and what was opened with it is closed.',
    params: TokenParams,
    status: 204,
    answer: z.undefined(),
    async run({ params, identity }) {
      if (isProgram(identity)) return NOT_FOR_PROGRAMS;
      if (!(await apiTokens.revoke(params.id))) return notFound('There is no such token (any more).');
      closeApiToken(params.id);
      return ok(undefined);
    },
  });
}

/** Whoever got hold of such a token could otherwise make themselves another that outlives it. */
const isProgram = ({ apiTokenId }: Identity): boolean => apiTokenId !== undefined;

const NOT_FOR_PROGRAMS = err<ApiFailure>({
  status: 403,
  code: 'forbidden',
  message: 'A token that was made for a program makes and takes back no tokens.',
});

function shownAt(token: ApiToken, now: number): ApiTokenShape {
  const { id, name, prefix, createdAt, lastUsedAt, expiresAt } = token;
  return {
    id,
    name,
    prefix,
    created_at: isoOf(createdAt),
    last_used_at: lastUsedAt === null ? null : isoOf(lastUsedAt),
    expires_at: expiresAt === null ? null : isoOf(expiresAt),
    expired: expiresAt !== null && expiresAt <= now,
  };
}

const isoOf = (at: number): string => new Date(at).toISOString();
