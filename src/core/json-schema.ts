import { dereference, type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import { coerceError } from './errors.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { err, ok, type Result } from './result.ts';

/** Pairs of a schema and a value that are looked at, and references that are followed, at most; some 20 ms. */
const MOST_PAIRS = 200_000;
const MOST_REFERENCES = 2_000;

/** The most complaints that help. */
const MOST_ERRORS = 5;

/**
 * What in a value does not fit a schema, each with its place: `#/items/0/price: …`; none where it fits. Regular
 * expressions are passed over: one that somebody else wrote can keep a process busy for ever. The error says why the
 * schema cannot be applied.
 */
export function errorsAgainst(schema: JsonObject, value: Json): Result<readonly string[], string> {
  if (countOf(schema) * countOf(value) > MOST_PAIRS)
    return err('The value and its schema are too large to be checked. Hand back less.');
  const applied = withoutPatterns(schema);
  try {
    const { valid, errors } = validate(value, applied, '2020-12', boundedLookup(applied), false);
    return ok(valid ? [] : shown(errors));
  } catch (thrown) {
    return err(`The schema cannot be applied: ${coerceError(thrown).message}.`);
  }
}

/** Errors of a part come after the errors of the whole, which only say that a part is wrong. */
function shown(errors: readonly OutputUnit[]): readonly string[] {
  const own = errors.filter(({ keyword }) => !WHOLES.has(keyword));
  const told = own.length > 0 ? own : errors;
  return [...new Set(told.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`))].slice(
    0,
    MOST_ERRORS,
  );
}

const WHOLES: ReadonlySet<string> = new Set(['properties', 'items', 'prefixItems', 'allOf', '$ref']);

/** Values in a document, at any depth. */
function countOf(value: Json): number {
  if (isJsonList(value)) return value.reduce((sum: number, item) => sum + countOf(item), 1);
  return isJsonObject(value) ? Object.values(value).reduce((sum: number, item) => sum + countOf(item), 1) : 1;
}

/** Where the validator finds what references point to; it gives up after so many. */
function boundedLookup(schema: JsonObject): ReturnType<typeof dereference> {
  let followed = 0;
  return new Proxy<Record<string, Schema | boolean>>(dereference(schema), {
    get(found, name, receiver) {
      if (++followed > MOST_REFERENCES) throw new RangeError('it refers to itself without end');
      return Reflect.get(found, name, receiver);
    },
  });
}

const PATTERNS: ReadonlySet<string> = new Set(['pattern', 'patternProperties', 'format', '$schema', '$id']);

/** Below these the keys are names that somebody chose: one may well be `pattern`. */
const NAMED: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
/** Here everything is a value. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required']);

function withoutPatterns(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([keyword]) => !PATTERNS.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, inside(keyword, value)]));
}

function inside(keyword: string, value: Json): Json {
  if (VALUES.has(keyword)) return value;
  if (isJsonList(value)) return value.map((item) => (isJsonObject(item) ? withoutPatterns(item) : item));
  if (!isJsonObject(value)) return value;
  if (!NAMED.has(keyword)) return withoutPatterns(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, isJsonObject(part) ? withoutPatterns(part) : part]),
  );
}
