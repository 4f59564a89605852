import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission, Refusal } from './admission.ts';
import { sendFailure, sendNotFound, sendThrown } from './api/answers.ts';
import { SESSION_SECONDS } from './credentials.ts';
import { isForApi, type LazyApi } from './lazy-api.ts';
import type { GatewayLog } from './log.ts';
import type { PageFile } from './page-files.ts';
import { addPages, pageForPlace, sendPage } from './page-routes.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface RouteOptions {
  readonly admission: Admission;
  readonly pages: ReadonlyMap<string, PageFile>;
  readonly ready: () => boolean;
  readonly logOut: (sessionId: string) => void;
  readonly api: LazyApi;
  readonly log: GatewayLog;
}

/** Everything that is answered over plain HTTP: the page, login, health; what is the API's is handed on. */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!isForApi(request.raw.url)) return done();
    reply.hijack();
    options.api.handle(request.raw, reply.raw);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    const refusal = options.admission.checkAddress(request.raw);
    if (refusal !== undefined) return sendFailure(reply, refusal);
  });
  ignoreBodies(app);
  addHealth(app, options);
  addLogin(app, options);
  addPages(app, options.pages);
  app.get('/ws', (_, reply) =>
    sendFailure(reply, {
      status: 426,
      code: 'upgrade-required',
      message: 'This address speaks WebSocket only.',
    }),
  );
  app.setNotFoundHandler((request, reply) => {
    const page = pageForPlace(request, options.pages);
    return page ? sendPage(page, request, reply) : sendNotFound(app, request, reply);
  });
  app.setErrorHandler((error, _, reply) => sendThrown(error, reply, options.log));
}

function addHealth(app: FastifyInstance, { ready }: RouteOptions): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', (_, reply) => {
    const isReady = ready();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'starting' });
  });
}

function addLogin(app: FastifyInstance, { admission, logOut }: RouteOptions): void {
  app.get('/login', (request, reply) => logIn(admission, request, reply));
  app.post('/logout', (request, reply) => {
    const identity = admission.identify(request.raw);
    if (identity.ok && identity.value.sessionId !== null) logOut(identity.value.sessionId);
    return setCookie(reply, admission.cookieName(), '', 0).code(204).send();
  });
}

function logIn(admission: Admission, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Only a person who follows the link may use it up; not an image or frame of another page.
  const destination = request.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document')
    return plain(reply, 403, 'Open this link in a tab.');
  if (admission.identify(request.raw).ok) return reply.redirect('/', 303);
  const session = admission.redeem(request.raw, codeOf(request));
  if (session.ok) {
    return setCookie(reply, admission.cookieName(), session.value, SESSION_SECONDS).redirect('/', 303);
  }
  return plain(retryAfter(reply, session.error), session.error.status, session.error.message);
}

function codeOf({ raw }: FastifyRequest): string {
  return new URLSearchParams(raw.url?.split('?')[1]).get('code') ?? '';
}

function setCookie(reply: FastifyReply, name: string, value: string, seconds: number): FastifyReply {
  return reply.header(
    'set-cookie',
    `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict`,
  );
}

/** No route takes a body. A small one is read and forgotten; a large one is refused. */
function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
}

function retryAfter(reply: FastifyReply, { retryAfterSeconds }: Refusal): FastifyReply {
  return retryAfterSeconds === undefined ? reply : reply.header('retry-after', retryAfterSeconds);
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}
