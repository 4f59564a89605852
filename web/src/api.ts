import { disconnected } from './session.ts';

/** Why a request failed. `code` is the server's, or `unreachable` where no answer came. */
export class ApiError extends Error {
  readonly code: string;
  /** The field of the request that was wrong. */
  readonly field: string | undefined;
  readonly status: number;

  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** What is undefined or null is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined | null>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the gateway: `await api<UsageReport>('/api/usage')`. The type is the one that the server's schema gives the
 * answer (`src/core/api/*.ts`). Rejects with an ApiError.
 */
export async function api<T>(path: string, request: ApiRequest = {}): Promise<T> {
  const response = await send(path, request);
  if (response.status === 401) disconnected.value = 'logged-out';
  if (!response.ok) throw await failureOf(response);
  return response.status === 204 ? JSON.parse('null') : response.json();
}

async function send(
  path: string,
  { method, query = {}, body, raw, headers, signal }: ApiRequest,
): Promise<Response> {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  const hasBody = body !== undefined;
  try {
    return await fetch(url, {
      method: method ?? (hasBody || raw ? 'POST' : 'GET'),
      headers: { ...(hasBody && { 'content-type': 'application/json' }), ...headers },
      body: hasBody ? JSON.stringify(body) : (raw ?? null),
      signal: signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'Ironbark does not answer. It may be stopped or starting.');
  }
}

async function failureOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => null);
  const { code, message, field } = errorIn(answer);
  const text = typeof message === 'string' ? message : `The server answered ${response.status}.`;
  return new ApiError(
    response.status,
    typeof code === 'string' ? code : 'unknown',
    text,
    typeof field === 'string' ? field : undefined,
  );
}

function errorIn(answer: unknown): { code?: unknown; message?: unknown; field?: unknown } {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return {};
  const { error } = answer;
  return typeof error === 'object' && error !== null ? error : {};
}
