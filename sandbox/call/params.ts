import { dereference, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import type { Refusal } from '../../machines/refusal.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { coerceArguments } from '../../src/tools/index.ts';

/**
 * Bends arguments towards a guest's schema and holds them against it.
 *
 * The check is a courtesy to the model, which is told at once what was wrong; the guest reads its arguments itself, on
 * its own fuel. So what a stranger's schema could use to hold up everybody is not tried but left to the guest: regular
 * expressions, references without end or that lead nowhere, and more schemas than are worth holding against so many
 * values.
 *
 * Cost: at most 200,000 pairs of schema and value are looked at, and 2,000 references followed; some 20 ms.
 *
 * @returns the arguments as JSON
 */
export function checkParams(
  tool: string,
  schema: JsonObject,
  params: JsonObject,
  maxBytes: number,
): Result<string, Refusal> {
  const given = JSON.stringify(params);
  if (Buffer.byteLength(given) > maxBytes) {
    const message = `${tool} was not run: its arguments may have ${maxBytes} bytes.`;
    return err({ rule: 'params-too-large', message });
  }
  if (countOf(schema) * countOf(params) > MOST_PAIRS) return ok(given);
  const lenient = leniently(schema);
  const bent = coerceArguments(lenient, params);
  const errors = errorsIn(lenient, bent);
  if (errors.length === 0) return ok(JSON.stringify(bent));
  const why = errors.slice(-3).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  return err({ rule: 'params', message: `${tool} was not run: ${why.join(' ')} Correct the arguments.` });
}

const MOST_PAIRS = 200_000;
const MOST_REFERENCES = 2_000;

/** Values in a document, at any depth. */
function countOf(value: Json): number {
  if (isJsonList(value)) return value.reduce((sum: number, item) => sum + countOf(item), 1);
  return isJsonObject(value) ? Object.values(value).reduce((sum: number, item) => sum + countOf(item), 1) : 1;
}

/** None where the schema cannot be applied. */
function errorsIn(schema: JsonObject, params: JsonObject): readonly OutputUnit[] {
  try {
    const { valid, errors } = validate(params, schema, '2020-12', boundedLookup(schema));
    return valid ? [] : errors;
  } catch {
    return [];
  }
}

/** Where the validator finds what references point to; it gives up after so many. */
function boundedLookup(schema: JsonObject): ReturnType<typeof dereference> {
  let followed = 0;
  return new Proxy<Record<string, Schema | boolean>>(dereference(schema), {
    get(found, name, receiver) {
      if (++followed > MOST_REFERENCES) throw new RangeError('the schema refers to itself without end');
      return Reflect.get(found, name, receiver);
    },
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
  if (isJsonList(value)) return value.map((item) => (isJsonObject(item) ? leniently(item) : item));
  if (!isJsonObject(value)) return value;
  if (!NAMED_SCHEMAS.has(keyword)) return leniently(value);
  const inner = Object.entries(value).map(([name, schema]): [string, Json] => [
    name,
    isJsonObject(schema) ? leniently(schema) : schema,
  ]);
  return Object.fromEntries(inner);
}

const NAMED_SCHEMAS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
