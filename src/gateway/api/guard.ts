import type { FastifyInstance, FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../core/result.ts';
import type { Admission, Identity, Refusal } from '../admission.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { sendFailure } from './answers.ts';
import type { ApiContext } from './context.ts';
import { isChange, tooOften, tooOftenRefused } from './throttle.ts';

const NOBODY: Identity = { sessionId: null };

const NO_ORIGIN: Refusal = {
  status: 403,
  code: 'forbidden',
  message: 'A browser that changes something must say which page asks for it (`Origin`).',
};

const FOR_THE_OWNER: Refusal = {
  status: 403,
  code: 'forbidden',
  message: "This takes the assistant's own token, not one that was made for a program.",
};

/** Before everything else: whom the request is addressed to, which page sent it, who asks. */
export function guard(app: FastifyInstance, context: Guarding): void {
  const { admission } = context;
  app.decorateRequest('identity');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    const foreign = admission.checkAddress(request.raw);
    if (foreign !== undefined) return sendFailure(reply, foreign);
    const identity = identify(request, admission);
    if (!identity.ok) return sendFailure(reply, tooOftenRefused(context, request) ?? identity.error);
    request.identity = identity.value;
    const excess = tooOften(context, request);
    if (excess !== undefined) return sendFailure(reply, excess);
  });
}

function identify(request: FastifyRequest, admission: Admission): Result<Identity, Refusal> {
  const { access = 'user' } = request.routeOptions.config;
  if (access === 'public' || request.is404) return ok(NOBODY);
  const identity = access === 'token' ? admission.checkToken(request.raw) : admission.identify(request.raw);
  // Who was let in for a time could otherwise let themselves in for good.
  if (access === 'token' && identity.ok && identity.value.apiTokenId !== undefined) return err(FOR_THE_OWNER);
  if (!identity.ok || identity.value.sessionId === null || !isChange(request)) return identity;
  // Browsers send `Origin` with whatever changes something; `checkAddress` has seen that it is ours.
  return request.headers.origin === undefined ? err(NO_ORIGIN) : identity;
}

type Guarding = Pick<ApiContext, 'admission' | 'rates' | 'limits'>;
