import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { IronbarkError } from '../core/errors.ts';
import type { ModelQuestion } from '../core/orchestrator.ts';
import { err, type Result } from '../core/result.ts';
import { createRateLimiter, type RateLimits } from '../network/index.ts';
import { bodyOf, type Refusal } from './refusal.ts';
import { ROUTES, type Served } from './routes.ts';
import type { Admit, WorkPort } from './work-port.ts';

export interface OrchestratorOptions {
  readonly admit: Admit;
  readonly clock: Clock;
  /** Told of what went wrong here, not there. */
  onDefect(error: unknown): void;
}

/** Serves what containers say. It holds nothing: who may speak, and for whom, is asked each time. */
export interface Orchestrator {
  /**
   * Listens on the socket of one job, in place of one that was left there. Anybody who can reach the socket's folder
   * may connect. Rejects where the path is too long for a socket, or the folder is not there.
   */
  listen(socketPath: string, jobId: string): Promise<Door>;
  /** Listens on this machine alone. @param port 0: any free one */
  listenLocally(port: number): Promise<Door & { readonly port: number }>;
}

export interface Door {
  /** Hangs up on whoever is connected. */
  close(): Promise<void>;
}

/** More than honest work needs; a question to the model takes seconds. */
const LIMITS: RateLimits = { perMinute: 600, perHour: 20_000 };
const REFUSED: RateLimits = { perMinute: 30, perHour: 600 };
const MAX_QUESTIONS_AT_ONCE = 8;
const MAX_CONNECTIONS = 64;

export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const serve = createServe(options);
  return {
    async listen(socketPath, jobId) {
      await rm(socketPath, { force: true });
      const server = createHttpServer((request, response) => serve(request, response, jobId));
      await listening(server, (ready) => server.listen(socketPath, ready));
      // The user inside the container is another one than ours.
      await chmod(socketPath, 0o666);
      return { close: () => closed(server) };
    },
    async listenLocally(port) {
      const server = createHttpServer(serve);
      await listening(server, (ready) => server.listen(port, '127.0.0.1', ready));
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      return { port: bound, close: () => closed(server) };
    },
  };
}

function createHttpServer(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Server {
  const server = createServer(
    // Whoever dribbles a request is hung up on.
    { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 },
    (request, response) => void serve(request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function listening(server: Server, listen: (ready: () => void) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  listen(resolve);
  await promise.catch((cause: unknown) => {
    throw new IronbarkError('storage', `The orchestrator cannot listen: ${String(cause)}`, undefined, {
      cause,
    });
  });
  server.removeListener('error', reject);
}

async function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

/** @param owner the job whose socket it came through; undefined: anybody could have sent it */
type Serve = (request: IncomingMessage, response: ServerResponse, owner?: string) => Promise<void>;

function createServe({ admit, clock, onDefect }: OrchestratorOptions): Serve {
  const rates = createRateLimiter(clock);
  const questions = new Map<string, number>();
  const lockedUntil = new Map<string, number>();

  async function admitted(
    jobId: string,
    request: IncomingMessage,
    owner: string | undefined,
  ): Promise<Result<WorkPort, Refusal>> {
    const key = owner ?? jobId;
    const wait = Math.max(waitAt(key, LIMITS), (lockedUntil.get(key) ?? 0) - clock.now());
    if (wait <= 0) lockedUntil.delete(key);
    else return err(tooMany('Too many requests.', wait));
    const port = await admit({ jobId, token: bearerOf(request), owner });
    // So that guessing neither gets far nor fills the log.
    const locked = port.ok ? 0 : waitAt(`refused ${key}`, REFUSED);
    if (locked > 0) lockedUntil.set(key, clock.now() + locked);
    return port;
  }

  /** 0: it may go on. */
  function waitAt(key: string, limits: RateLimits): number {
    const taken = rates.take(key, limits);
    return taken.ok ? 0 : taken.error.retryAfterMs;
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    owner: string | undefined,
  ): Promise<Refusal | undefined> {
    const url = URL.parse(`http://orchestrator${request.url}`);
    if (!url) return NOT_FOUND;
    const { pathname, searchParams } = url;
    if (pathname === '/health') return void sendDocument(response, { status: 'ok' });
    const [, jobId, what] = /^\/worker\/([\w-]{1,128})\/([\w/]{1,64})$/.exec(pathname) ?? [];
    const route = ROUTES.get(what ?? '');
    if (jobId === undefined || route === undefined) return NOT_FOUND;
    if (request.method !== route.method) return notAllowed(route.method);
    const port = await admitted(jobId, request, owner);
    if (!port.ok) return port.error;
    const served = await route.serve(port.value, request, searchParams);
    if (!served.ok) return served.error;
    return give(jobId, port.value, served.value, response);
  }

  async function give(
    jobId: string,
    port: WorkPort,
    served: Served,
    response: ServerResponse,
  ): Promise<Refusal | undefined> {
    switch (served.kind) {
      case 'document':
        sendDocument(response, served.value);
        return undefined;
      case 'nothing':
        response.writeHead(204).end();
        return undefined;
      case 'question':
        return counted(jobId, () => answerQuestion(port, served.question, response));
    }
  }

  async function counted(jobId: string, ask: () => Promise<void>): Promise<Refusal | undefined> {
    const asked = questions.get(jobId) ?? 0;
    if (asked >= MAX_QUESTIONS_AT_ONCE)
      return tooMany(`${MAX_QUESTIONS_AT_ONCE} questions to the model are open already.`, 1_000);
    questions.set(jobId, asked + 1);
    try {
      await ask();
    } finally {
      const left = (questions.get(jobId) ?? 1) - 1;
      if (left > 0) questions.set(jobId, left);
      else questions.delete(jobId);
    }
    return undefined;
  }

  return async (request, response, owner) => {
    response.on('error', () => {});
    try {
      const refusal = await answer(request, response, owner);
      if (refusal) sendRefusal(response, refusal);
    } catch (error) {
      onDefect(error);
      if (response.headersSent) response.destroy();
      else sendRefusal(response, BROKEN);
    }
  };
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer ([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];
}

async function answerQuestion(port: WorkPort, asked: ModelQuestion, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  await port.complete(asked, (line) => response.write(`${JSON.stringify(line)}\n`), gone.signal);
  response.end();
}

function sendDocument(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, retryAfterMs } = refusal;
  // What is left of its body is not waited for.
  response.writeHead(status, {
    'content-type': 'application/json',
    connection: 'close',
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  });
  response.end(JSON.stringify(bodyOf(refusal)));
}

const NOT_FOUND: Refusal = { status: 404, code: 'not-found', message: 'There is no such address.' };
const BROKEN: Refusal = { status: 500, code: 'broken', message: 'Something went wrong here. Try again.' };

const notAllowed = (method: string): Refusal => ({
  status: 405,
  code: 'not-allowed',
  message: `This address wants ${method}.`,
});

const tooMany = (message: string, retryAfterMs: number): Refusal => ({
  status: 429,
  code: 'too-many',
  message,
  retryAfterMs,
});
