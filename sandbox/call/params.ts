import { Validator } from '@cfworker/json-schema';
import type { Refusal } from '../../machines/refusal.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { coerceArguments } from '../../src/tools/index.ts';

/**
 * Bends arguments towards a guest's schema and holds them against it.
 *
 * Regular expressions in the schema are not tried: they are a stranger's, and one that backtracks would hold up
 * everybody. The guest checks them itself, on its own fuel.
 *
 * @returns the arguments as JSON
 */
export function checkParams(
  tool: string,
  schema: JsonObject,
  params: JsonObject,
  maxBytes: number,
): Result<string, Refusal> {
  const lenient = leniently(schema);
  const bent = coerceArguments(lenient, params);
  const { valid, errors } = new Validator(lenient, '2020-12').validate(bent);
  if (!valid) {
    const why = errors.slice(-3).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
    return err({ rule: 'params', message: `${tool} was not run: ${why.join(' ')} Correct the arguments.` });
  }
  const text = JSON.stringify(bent);
  if (Buffer.byteLength(text) <= maxBytes) return ok(text);
  return err({
    rule: 'params-too-large',
    message: `${tool} was not run: its arguments may have ${maxBytes} bytes.`,
  });
}

const LEFT_TO_THE_GUEST = new Set(['pattern', 'patternProperties', 'format', '$schema', '$id']);

/**
 * What the host insists on of a schema. Of alternatives any number may fit: a component that serves several operations
 * lists their arguments as alternatives, and which one is meant is not for us to guess. What is not listed may be
 * given, unless the schema says that it may not.
 */
function leniently(schema: JsonObject): JsonObject {
  const { oneOf, ...rest } = schema;
  const alternatives = oneOf === undefined || rest.anyOf !== undefined ? {} : { anyOf: oneOf };
  const open = rest.properties === undefined ? {} : { additionalProperties: true };
  const kept = Object.entries({ ...open, ...rest, ...alternatives }).filter(
    ([keyword]) => !LEFT_TO_THE_GUEST.has(keyword),
  );
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, inside(keyword, value)]));
}

/** Below `properties` the keys are names of arguments, not keywords: one may well be called `pattern`. */
function inside(keyword: string, value: Json): Json {
  if (keyword === 'enum' || keyword === 'const' || keyword === 'default') return value;
  if (isList(value)) return value.map((item) => (isObject(item) ? leniently(item) : item));
  if (!isObject(value)) return value;
  if (!NAMED_SCHEMAS.has(keyword)) return leniently(value);
  const inner = Object.entries(value).map(([name, schema]): [string, Json] => [
    name,
    isObject(schema) ? leniently(schema) : schema,
  ]);
  return Object.fromEntries(inner);
}

const NAMED_SCHEMAS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
