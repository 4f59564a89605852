import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { Failure } from '../core/api/failure.ts';
import { IronbarkError } from '../core/errors.ts';
import {
  JobBrief,
  ModelLine,
  type ModelQuestion,
  WorkCredentials,
  type WorkEnd,
  type WorkEventPost,
  WorkPrompt,
  type WorkStatus,
} from '../core/orchestrator.ts';

/** The orchestrator as the work in a container sees it. What is lost on the way is said again until it got there. */
export interface OrchestratorClient {
  brief(): Promise<JobBrief>;
  /** Lines of the answer go to `tell`; the last one is also what this resolves with. */
  complete(
    question: z.input<typeof ModelQuestion>,
    tell: (line: ModelLine) => void,
    signal: AbortSignal,
  ): Promise<Extract<ModelLine, { type: 'answer' | 'failed' }>>;
  status(status: z.input<typeof WorkStatus>): Promise<void>;
  event(event: WorkEventPost): Promise<void>;
  end(end: z.input<typeof WorkEnd>): Promise<void>;
  /** The first thing said after the `after`-th; undefined: nothing yet. */
  prompt(after: number): Promise<WorkPrompt | undefined>;
  credentials(): Promise<WorkCredentials['credentials']>;
}

export interface OrchestratorClientOptions {
  readonly socketPath: string;
  readonly jobId: string;
  readonly token: string;
  /** Nothing is said any more once it is aborted. */
  readonly signal?: AbortSignal;
  /** How long nobody may answer before it gives up. The assistant may be restarted meanwhile. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

export function createOrchestratorClient(options: OrchestratorClientOptions): OrchestratorClient {
  const { signal: over, patienceMs = PATIENCE_MS } = options;

  /** Again and again, as long as it is the way there that is broken. */
  async function persist<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const givingUpAt = performance.now() + patienceMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return await attempt();
      } catch (thrown) {
        const wait = waitOf(thrown, pause);
        const isOver = over?.aborted || signal?.aborted || performance.now() + wait > givingUpAt;
        if (isOver || wait < 0) throw thrown;
        await delay(wait);
      }
    }
  }

  async function ask<T>(message: Message, schema?: z.ZodType<T>): Promise<T | undefined> {
    const answer = await persist(async () => readAnswer(await send(options, message)));
    return answer === undefined ? undefined : schema?.parse(answer);
  }

  async function need<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await ask({ method: 'GET', path }, schema);
    if (answer === undefined)
      throw new IronbarkError('internal', `The orchestrator did not tell the ${path}.`);
    return answer;
  }

  const tell = async (path: string, body: unknown): Promise<void> => {
    await ask({ method: 'POST', path, body });
  };

  return {
    brief: () => need('job', JobBrief),
    credentials: async () => (await need('credentials', WorkCredentials)).credentials,
    prompt: (after) => ask({ method: 'GET', path: `prompt?after=${after}` }, WorkPrompt),
    status: (status) => tell('status', status),
    event: (event) => tell('event', event),
    end: (end) => tell('complete', end),
    complete(question, onLine, signal) {
      const path = 'llm/complete_with_tools';
      let begun = false;
      return persist(async () => {
        if (begun) onLine({ type: 'restart' });
        begun = true;
        return readLines(await send(options, { method: 'POST', path, body: question }, signal), onLine);
      }, signal);
    },
  };
}

/** The answer to a request that was heard and refused. */
class Refused extends IronbarkError {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, retryAfterMs: number | undefined) {
    super('unreachable', `The orchestrator refused: ${message}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long to wait before it is tried again; below 0: that would change nothing. */
function waitOf(thrown: unknown, pauseMs: number): number {
  if (!(thrown instanceof Refused)) return isLost(thrown) ? pauseMs : -1;
  const { status, retryAfterMs = 0 } = thrown;
  return status === 429 || status >= 500 ? Math.max(pauseMs, retryAfterMs) : -1;
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EAGAIN']);

const isLost = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && LOST.has(String(thrown.code));

/** As if the connection had been reset, which it may have been. */
const lost = (): Error => Object.assign(new Error('The answer was cut off.'), { code: 'ECONNRESET' });

async function send(
  { socketPath, jobId, token }: OrchestratorClientOptions,
  { method, path, body }: Message,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = httpRequest({
    socketPath,
    method,
    path: `/worker/${jobId}/${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    agent: false,
    ...(signal && { signal }),
  });
  sent.once('response', resolve);
  sent.once('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const response = await promise;
  if (response.statusCode === 200 || response.statusCode === 204) return response;
  throw refusalOf(response, await readAnswer(response));
}

function refusalOf({ statusCode = 0, headers }: IncomingMessage, answer: unknown): Refused {
  const failure = Failure.safeParse(answer);
  const seconds = Number(headers['retry-after']);
  const message = failure.success ? failure.data.error.message : `status ${statusCode}`;
  return new Refused(statusCode, message, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

async function readAnswer(response: IncomingMessage): Promise<unknown> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) text += piece;
  if (!response.complete) throw lost();
  return text === '' ? undefined : JSON.parse(text);
}

async function readLines(
  response: IncomingMessage,
  tell: (line: ModelLine) => void,
): Promise<Extract<ModelLine, { type: 'answer' | 'failed' }>> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const piece of response) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const line = ModelLine.parse(JSON.parse(text));
      tell(line);
      if (line.type === 'answer' || line.type === 'failed') return line;
    }
  }
  throw lost();
}
