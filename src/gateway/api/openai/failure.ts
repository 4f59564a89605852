import type { FastifyReply } from 'fastify';
import type { OpenAiFailure } from '../../../core/api/openai.ts';
import type { PartEnd } from '../../turns/turn-part.ts';
import type { ApiFailure } from '../failure.ts';

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

const typeOf = (status: number): string =>
  TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');

export function openAiFailure(status: number, { code, message, field }: Told): OpenAiFailure {
  return { error: { message, type: typeOf(status), param: field ?? null, code: code.replaceAll('-', '_') } };
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
}

/** Every refusal and fault under these addresses, wherever it was found, in the words that OpenAI's clients read. */
export async function asOpenAiFailure(
  _request: unknown,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const told = toldIn(payload);
  return told === undefined ? payload : openAiFailure(reply.statusCode, told);
}

/** The API's own shape, which has no `type`; a response that failed has an `error` among other things. */
function toldIn(payload: unknown): Told | undefined {
  if (!isObject(payload) || !('error' in payload) || !isObject(payload.error)) return undefined;
  if (Object.keys(payload).length > 1) return undefined;
  const { error } = payload;
  if ('type' in error || !('code' in error) || !('message' in error)) return undefined;
  if (typeof error.code !== 'string' || typeof error.message !== 'string') return undefined;
  const field = 'field' in error && typeof error.field === 'string' ? error.field : undefined;
  return { code: error.code, message: error.message, field };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What stands in the place of an answer, where the turn has none. */
export function failureOf(end: PartEnd): ApiFailure | undefined {
  if (end.kind === 'refused') return refusedInput(end.reason);
  return end.kind === 'replied' && end.finish === 'failed' ? turnFailed(end.text) : undefined;
}

/** The reply of a turn that failed says why. */
const turnFailed = (message: string): ApiFailure => ({ status: 502, code: 'turn-failed', message });

/** The input was taken in and not used; the reason says what became of what it was meant for. */
export const refusedInput = (message: string): ApiFailure => ({ status: 409, code: 'stale', message });

export const LONG_AGO: ApiFailure = {
  status: 409,
  code: 'stale',
  message: 'This was taken in before, too long ago to be found in a moment. Read it in its conversation.',
};
