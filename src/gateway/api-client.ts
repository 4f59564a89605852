import type { z } from 'zod';
import { Failure } from '../core/api/failure.ts';
import { type ErrorKind, IronbarkError } from '../core/errors.ts';

/** Asks the HTTP API of a running assistant, with answers that are checked against the schemas of `src/core/api/`. */
export interface ApiClient {
  get<A>(path: string, answer: z.ZodType<A>, query?: ApiQuery): Promise<A>;
  /** Rejects as `get` does; a repeat does whatever the address does on a repeat. */
  post<A>(path: string, answer: z.ZodType<A>, body?: unknown): Promise<A>;
  put<A>(path: string, answer: z.ZodType<A>, body?: unknown): Promise<A>;
  patch<A>(path: string, answer: z.ZodType<A>, body?: unknown): Promise<A>;
  delete<A>(path: string, answer: z.ZodType<A>): Promise<A>;
}

/** What is undefined is left out. */
export type ApiQuery = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiClientOptions {
  /** Where the assistant is: `http://127.0.0.1:4747`. */
  readonly url: string;
  /** The bearer of every request. */
  readonly token: string;
  /** Longer than any address keeps its caller waiting (25 s); milliseconds, 90,000 unless given. */
  readonly timeoutMs?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const TIMEOUT_MS = 90_000;

/**
 * Whatever it rejects with is an IronbarkError with the words of the answer: `usage` where the request was refused,
 * `unreachable` where there was no answer or the key is not the right one, `storage` where the assistant cannot store.
 */
export function createApiClient({ url, token, timeoutMs = TIMEOUT_MS }: ApiClientOptions): ApiClient {
  async function ask<A>(method: Method, path: string, answer: z.ZodType<A>, body?: unknown): Promise<A> {
    const response = await send(method, path, body);
    const given = await readBody(response);
    if (!response.ok) throw refusal(response, given);
    const parsed = answer.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new IronbarkError(
      'internal',
      `The assistant answered ${method} ${path} with something else than was expected: ${parsed.error.message}`,
      'It may be of another version: restart it.',
    );
  }

  async function send(method: Method, path: string, body: unknown): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(new URL(path, url), { method, headers, signal, ...sent });
    } catch (cause) {
      throw new IronbarkError(
        'unreachable',
        `The assistant at ${url} did not answer.`,
        'See: ironbark status',
        { cause },
      );
    }
  }

  return {
    get: (path, answer, query = {}) => ask('GET', `${path}${queryText(query)}`, answer),
    post: (path, answer, body) => ask('POST', path, answer, body),
    put: (path, answer, body) => ask('PUT', path, answer, body),
    patch: (path, answer, body) => ask('PATCH', path, answer, body),
    delete: (path, answer) => ask('DELETE', path, answer),
  };
}

function queryText(query: ApiQuery): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** Undefined where there is none. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}

function refusal({ status, url }: Response, body: unknown): IronbarkError {
  const failure = Failure.safeParse(body);
  const message = failure.success
    ? failure.data.error.message
    : `The assistant answered ${status} to ${new URL(url).pathname}.`;
  return new IronbarkError(kindOf(status), message);
}

function kindOf(status: number): ErrorKind {
  if (status === 401 || status === 403 || status === 429) return 'unreachable';
  if (status === 503) return 'storage';
  return status < 500 ? 'usage' : 'internal';
}
