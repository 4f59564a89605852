import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SearchHit } from '../core/assistant.ts';
import type { BudgetReport } from '../core/budget.ts';
import type { ModelsStatus } from '../core/models.ts';
import type { Admission, Refusal } from './admission.ts';
import { SESSION_SECONDS } from './credentials.ts';
import type { PageFile } from './page-files.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface RouteOptions {
  readonly admission: Admission;
  readonly pages: ReadonlyMap<string, PageFile>;
  readonly ready: () => boolean;
  readonly loginLink: () => string;
  readonly logOut: (sessionId: string) => void;
  readonly search: (query: string, limit: number | undefined) => Promise<readonly SearchHit[]>;
  readonly budget: () => Promise<BudgetReport>;
  readonly models: () => Promise<ModelsStatus>;
  readonly logFailure: (error: Error) => void;
}

/** Everything that is answered over plain HTTP. */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    const refusal = options.admission.checkAddress(request.raw);
    if (refusal !== undefined) return refuse(reply, refusal);
  });
  ignoreBodies(app);
  addHealth(app, options);
  addLogin(app, options);
  addSearch(app, options);
  addBudget(app, options);
  addModels(app, options);
  for (const [path, file] of options.pages) app.get(path, (request, reply) => sendPage(file, request, reply));
  app.get('/ws', (_, reply) =>
    sendError(reply, 426, 'upgrade-required', 'This address speaks WebSocket only.'),
  );
  app.setNotFoundHandler((request, reply) => sendNotFound(app, request, reply));
  app.setErrorHandler((error, _, reply) => sendFailure(asFailure(error), reply, options));
}

function addHealth(app: FastifyInstance, { ready }: RouteOptions): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', (_, reply) => {
    const isReady = ready();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'starting' });
  });
}

function addLogin(app: FastifyInstance, { admission, loginLink, logOut }: RouteOptions): void {
  app.get('/login', (request, reply) => logIn(admission, request, reply));
  app.post('/logout', (request, reply) => {
    const identity = admission.identify(request.raw);
    if (identity.ok && identity.value.sessionId !== null) logOut(identity.value.sessionId);
    return setCookie(reply, admission.cookieName(), '', 0).code(204).send();
  });
  // The page asks here whether it is logged in: a refused WebSocket does not tell a browser why.
  app.get('/api/session', (request, reply) => {
    const identity = admission.identify(request.raw);
    return identity.ok ? reply.code(204).send() : refuse(reply, identity.error);
  });
  app.post('/api/login-link', (request, reply) => {
    const identity = admission.checkToken(request.raw);
    return identity.ok ? reply.send({ link: loginLink() }) : refuse(reply, identity.error);
  });
}

/** `?q=WORDS`, perhaps `&limit=COUNT`. */
function addSearch(app: FastifyInstance, { admission, search }: RouteOptions): void {
  app.get('/api/search', async (request, reply) => {
    const identity = admission.identify(request.raw);
    if (!identity.ok) return refuse(reply, identity.error);
    const asked = new URLSearchParams(request.raw.url?.split('?')[1]);
    const limit = Number.parseInt(asked.get('limit') ?? '', 10);
    return { hits: await search(asked.get('q') ?? '', Number.isNaN(limit) ? undefined : limit) };
  });
}

function addBudget(app: FastifyInstance, { admission, budget }: RouteOptions): void {
  app.get('/api/budget', async (request, reply) => {
    const identity = admission.identify(request.raw);
    return identity.ok ? budget() : refuse(reply, identity.error);
  });
}

function addModels(app: FastifyInstance, { admission, models }: RouteOptions): void {
  app.get('/api/models', async (request, reply) => {
    const identity = admission.identify(request.raw);
    return identity.ok ? models() : refuse(reply, identity.error);
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

async function sendPage(file: PageFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { content, etag } = await file.read();
  reply.header('cache-control', 'no-cache').header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(file.type).send(content);
}

function sendNotFound(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = request.url.split('?')[0] ?? '/';
  const allowed = ['GET', 'POST'].filter((method) => app.hasRoute({ method, url }));
  if (allowed.length === 0) return sendError(reply, 404, 'not-found', 'There is nothing at this address.');
  reply.header('allow', allowed.join(', '));
  return sendError(reply, 405, 'method-not-allowed', `This address takes ${allowed.join(' or ')} only.`);
}

interface Failure extends Error {
  readonly statusCode?: number;
}

const asFailure = (thrown: unknown): Failure =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

function sendFailure(error: Failure, reply: FastifyReply, { logFailure }: RouteOptions): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return sendError(reply, status, 'bad-request', error.message);
  logFailure(error);
  return sendError(reply, 500, 'internal', 'The assistant could not answer. Its log says why.');
}

/** No route takes a body. A small one is read and forgotten; a large one is refused. */
function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
}

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendError(retryAfter(reply, refusal), refusal.status, refusal.code, refusal.message);
}

function retryAfter(reply: FastifyReply, { retryAfterSeconds }: Refusal): FastifyReply {
  return retryAfterSeconds === undefined ? reply : reply.header('retry-after', retryAfterSeconds);
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}

function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
