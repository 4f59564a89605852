import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { chatBody } from './chat-completions.ts';
import type { Reply, ScriptedAnswer } from './script.ts';
import { googleModel, protocolAt, WIRE_FORMATS, type WireFormat } from './wire-formats.ts';

/** A local server that speaks the protocols of model providers and does as it is told. */
export interface ModelServer {
  /** Base address for clients, for example `http://127.0.0.1:41234/v1`. */
  readonly url: string;
  /** Calls that have arrived. */
  calls(): number;
  /** What has arrived, oldest first; empty where recording is off. */
  readonly requests: readonly RecordedRequest[];
  /** Replies for the next calls, in order. Calls beyond them get the fallback. */
  enqueue(...replies: readonly Reply[]): void;
  /** Resolves once this many calls have arrived since the server started. */
  received(count: number): Promise<void>;
  /** Calls that their clients gave up. */
  abandonedCalls(): number;
  /** Resolves once this many calls have been given up by their clients. */
  abandoned(count: number): Promise<void>;
  /** Ends every call that hangs. */
  release(): void;
  close(): Promise<void>;
}

interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: RequestBody;
}

type RequestBody = z.infer<typeof requestBody>;

export interface ModelServerOptions {
  /** For calls that nothing was enqueued for. */
  readonly fallback?: Reply | ((request: RecordedRequest) => Reply);
  readonly port?: number;
  /** Whether requests are kept. Off for long benchmarks. */
  readonly record?: boolean;
  /** How `delayMs` and `dripMs` are waited for. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

const requestBody = z.looseObject({
  model: z.string().default('unknown'),
  stream: z.boolean().default(false),
});

const EVENT_STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const TEXT = { 'content-type': 'text/plain' };

/** Starts the server on the loopback interface; port 0, the default, takes any free one. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { fallback = { type: 'answer', text: 'ok' }, record = true, port = 0, pause = sleep } = options;
  const queue: Reply[] = [];
  const requests: RecordedRequest[] = [];
  const arrivals = createCounter();
  const departures = createCounter();
  const hanging = new Set<ServerResponse>();

  const next = (request: RecordedRequest): Reply =>
    queue.shift() ?? (typeof fallback === 'function' ? fallback(request) : fallback);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const format = formatAt(path);
    if (format === undefined) {
      send(response, 404, TEXT, 'no such path');
      return;
    }
    const body = { ...requestBody.parse(JSON.parse((await readText(request)) || '{}')), ...inPath(path) };
    const recorded = { path, headers: request.headers, body };
    if (record) requests.push(recorded);
    response.once('close', () => !response.writableFinished && departures.add());
    arrivals.add();
    await play(next(recorded), { format, body, response, pause, hanging });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => send(response, 400, TEXT, String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;

  return {
    url: `http://127.0.0.1:${bound}/v1`,
    requests,
    calls: arrivals.count,
    enqueue: (...replies) => void queue.push(...replies),
    received: arrivals.reached,
    abandonedCalls: departures.count,
    abandoned: departures.reached,
    release() {
      for (const response of hanging) response.end();
      hanging.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Call {
  readonly format: WireFormat;
  readonly body: RequestBody;
  readonly response: ServerResponse;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly hanging: Set<ServerResponse>;
}

async function play(reply: Reply, call: Call): Promise<void> {
  switch (reply.type) {
    case 'status':
      sendStatus(reply, call.response);
      break;
    case 'raw':
      send(call.response, 200, { 'content-type': reply.contentType }, reply.body);
      break;
    case 'hang':
      hang(reply.text, call);
      break;
    case 'cut':
      cut(reply, call);
      break;
    case 'answer':
      await answer(reply, call);
  }
}

async function answer(reply: ScriptedAnswer, { format, body, response, pause }: Call): Promise<void> {
  if (reply.delayMs) await pause(reply.delayMs);
  if (!body.stream) {
    send(response, 200, { 'content-type': 'application/json' }, chatBody(reply, body.model));
    return;
  }
  const events = format(reply, body.model);
  response.writeHead(200, EVENT_STREAM);
  if (!reply.dripMs) {
    response.end(events.join(''));
    return;
  }
  for (const event of events) {
    if (response.destroyed) return;
    response.write(event);
    await pause(reply.dripMs);
  }
  response.end();
}

function hang(text: string | undefined, { format, body, response, hanging }: Call): void {
  hanging.add(response);
  if (text === undefined) return;
  // The last events say that the answer is complete.
  const events = format({ text }, body.model).slice(0, -3);
  response.writeHead(200, EVENT_STREAM).write(events.join(''));
}

function cut(reply: Extract<Reply, { type: 'cut' }>, { format, body, response }: Call): void {
  const events = format(reply, body.model);
  const half = events.slice(0, Math.ceil(events.length / 2)).join('');
  response.writeHead(200, EVENT_STREAM);
  if (reply.how === 'end') response.end(half);
  else response.write(half, () => response.destroy());
}

function sendStatus(reply: Extract<Reply, { type: 'status' }>, response: ServerResponse): void {
  const { status, headers = {}, body = '' } = reply;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = typeof body === 'string' ? 'text/plain' : 'application/json';
  send(response, status, { 'content-type': contentType, ...headers }, text);
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, headers).end(body);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Lists of models are asked for too; what they hold is up to the replies. */
function formatAt(path: string): WireFormat | undefined {
  const protocol = path.startsWith('/v1/models?') || path === '/v1/models' ? 'openai-chat' : protocolAt(path);
  return protocol && WIRE_FORMATS[protocol];
}

/** What Google's protocol says in the path and the others in the body. */
function inPath(path: string): Partial<RequestBody> {
  const model = googleModel(path);
  return model === undefined ? {} : { model, stream: true };
}

interface Counter {
  add(): void;
  count(): number;
  reached(count: number): Promise<void>;
}

function createCounter(): Counter {
  let count = 0;
  let waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  return {
    count: () => count,
    add() {
      count++;
      for (const waiter of waiting) if (waiter.at <= count) waiter.resolve();
      waiting = waiting.filter((waiter) => waiter.at > count);
    },
    reached: (at) =>
      at <= count ? Promise.resolve() : new Promise((resolve) => void waiting.push({ at, resolve })),
  };
}
