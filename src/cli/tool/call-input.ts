import { DEFAULT_CALL_LIMITS } from '../../../sandbox/index.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolContext } from '../../tools/index.ts';

/** Whoever calls a tool from the command line, without a conversation. */
export const callerOf = (name: string): ToolContext => ({
  effectId: name,
  conversationId: name,
  turnId: name,
  planning: 'off',
  timezone: 'UTC',
  signal: new AbortController().signal,
  callers: [],
  invokesLeft: { count: DEFAULT_CALL_LIMITS.toolInvokes },
  origins: [],
  earlierResult: () => undefined,
});

/** @throws IronbarkError `usage` */
export function parseParams(text: string): JsonObject {
  const value = parseJson(text, '--params');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return JSON.parse(text);
  throw new IronbarkError(
    'usage',
    '--params must be a JSON object.',
    `For example: --params '{"city":"Oslo"}'`,
  );
}

/**
 * Handed on as it was written: whatever its author expects.
 *
 * @throws IronbarkError `usage`
 */
export function parseContext(text: string | undefined): string | undefined {
  if (text !== undefined) parseJson(text, '--context');
  return text;
}

function parseJson(text: string, flag: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new IronbarkError('usage', `${flag} is not JSON: ${coerceError(thrown).message}`);
  }
}
