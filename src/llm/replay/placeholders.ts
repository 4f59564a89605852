import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** Finds the result of an earlier tool call by its id. */
export type ResultOf = (callId: string) => string | undefined;

/**
 * Fills `{{call_id}}` (the whole result) and `{{call_id.dotted.path}}` (a value inside a JSON result; numbers
 * index arrays) into every string of the arguments. A string that is nothing but one placeholder becomes the
 * value itself where that is an object or an array. What cannot be resolved stays as it was written.
 */
export function fillPlaceholders(args: JsonObject, resultOf: ResultOf): JsonObject {
  return mapValues(args, (value) => fill(value, resultOf));
}

function fill(value: Json, resultOf: ResultOf): Json {
  if (typeof value === 'string') return fillText(value, resultOf);
  if (Array.isArray(value)) return value.map((item) => fill(item, resultOf));
  if (isJsonObject(value)) return mapValues(value, (item) => fill(item, resultOf));
  return value;
}

function fillText(text: string, resultOf: ResultOf): Json {
  const whole = /^\{\{([^{}]+)\}\}$/.exec(text);
  const only = whole?.[1] === undefined ? undefined : lookUp(whole[1].trim(), resultOf);
  if (only !== undefined) return typeof only === 'object' ? only : String(only);
  return text.replaceAll(/\{\{([^{}]+)\}\}/g, (placeholder, key: string) => {
    const value = lookUp(key.trim(), resultOf);
    if (value === undefined) return placeholder;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

/** A call id may itself contain dots, so the longest id that is known wins. */
function lookUp(key: string, resultOf: ResultOf): Json | undefined {
  const parts = key.split('.');
  for (let length = parts.length; length > 0; length--) {
    const result = resultOf(parts.slice(0, length).join('.'));
    if (result === undefined) continue;
    const path = parts.slice(length);
    return path.length === 0 ? result : descend(parse(result), path);
  }
  return undefined;
}

function descend(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)];
    return isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, value);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
