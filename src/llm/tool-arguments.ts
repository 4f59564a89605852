import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/**
 * The one argument of a tool call whose arguments the model did not write as a JSON object. It holds what the
 * model wrote. A tool name's own arguments never begin with `$`.
 */
const UNPARSED = '$unparsed';

/** The one argument of a call that the user's own hooks stopped: why. */
const REJECTED = '$rejected';

export const rejectedArguments = (reason: string): JsonObject => ({ [REJECTED]: reason });

/** Why the call was stopped before it was judged; undefined for all others. */
export function rejectionIn(args: JsonObject): string | undefined {
  const reason = args[REJECTED];
  return typeof reason === 'string' ? reason : undefined;
}

/**
 * Reads the arguments a model wrote for a tool call. Nothing at all is no arguments; an object that was encoded
 * twice is decoded twice. Anything else becomes a call that `unparsedArguments` recognises, so that the tool
 * layer can answer the model with what was wrong instead of failing the turn.
 */
export function parseToolArguments(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = parse(text);
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  const inner = typeof value === 'string' ? parse(value) : undefined;
  return isJsonObject(inner) ? inner : { [UNPARSED]: text };
}

/** What the model wrote where it should have written a JSON object, or undefined for a proper call. */
export function unparsedArguments(args: JsonObject): string | undefined {
  const text = args[UNPARSED];
  return typeof text === 'string' ? text : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
