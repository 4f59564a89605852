import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { err, ok, type Result } from '../../src/core/result.ts';

const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 32;
/** Schemas that one `$ref` after the other unfolds to; a small text can mean a great many. */
const MAX_UNFOLDED = 5_000;

/**
 * Reads what a guest says its arguments look like. The error names the place.
 *
 * Cost: one walk over the text as parsed, and one over what its references unfold to, both bounded.
 */
export function readSchema(text: string): Result<JsonObject, string> {
  if (text.length > MAX_CHARACTERS)
    return err(`has ${text.length} characters; ${MAX_CHARACTERS} are allowed`);
  const json = parse(text);
  if (json === undefined) return err('is not JSON');
  if (!isJsonObject(json)) return err('is not a JSON object');
  const wrong = troubleIn(json, '$', 0) ?? troubleAtTop(json);
  if (wrong !== undefined) return err(wrong);
  return unfolded(json, json, new Set()) > MAX_UNFOLDED
    ? err('unfolds, reference by reference, to too many schemas')
    : ok(json);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function troubleAtTop({ type }: JsonObject): string | undefined {
  return type === undefined || type === 'object' ? undefined : 'at $.type: must be "object"';
}

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const SCHEMA_MAPS = ['properties', '$defs', 'definitions', 'patternProperties'];
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SCHEMAS = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];

function troubleIn(schema: Json, path: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `at ${path}: is nested more than ${MAX_DEPTH} levels deep`;
  if (typeof schema === 'boolean') return undefined;
  if (!isJsonObject(schema)) return `at ${path}: must be a schema, which is an object, true or false`;
  return (
    troubleWithKeywords(schema, path) ??
    childrenOf(schema, path)
      .map(([child, at]) => troubleIn(child, at, depth + 1))
      .find((trouble) => trouble !== undefined)
  );
}

function troubleWithKeywords({ type, required, ...rest }: JsonObject, path: string): string | undefined {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const unknown = types.find((name) => typeof name !== 'string' || !TYPES.has(name));
  if (unknown !== undefined) return `at ${path}.type: ${JSON.stringify(unknown)} is not a type`;
  if (required !== undefined && !isTextList(required)) return `at ${path}.required: must be a list of names`;
  if (rest.$ref !== undefined && !(typeof rest.$ref === 'string' && rest.$ref.startsWith('#'))) {
    return `at ${path}.$ref: may only point into the schema itself (#/…)`;
  }
  if (rest.enum !== undefined && !Array.isArray(rest.enum)) return `at ${path}.enum: must be a list`;
  const map = SCHEMA_MAPS.find((name) => rest[name] !== undefined && !isJsonObject(rest[name] ?? null));
  if (map) return `at ${path}.${map}: must be an object`;
  const list = SCHEMA_LISTS.find((name) => rest[name] !== undefined && !Array.isArray(rest[name]));
  return list && `at ${path}.${list}: must be a list`;
}

function childrenOf(schema: JsonObject, path: string): readonly (readonly [Json, string])[] {
  const inMaps = SCHEMA_MAPS.flatMap((keyword) => {
    const map = schema[keyword];
    if (map === undefined || !isJsonObject(map)) return [];
    return Object.entries(map).map(([name, child]) => [child, `${path}.${keyword}.${name}`] as const);
  });
  const inLists = SCHEMA_LISTS.flatMap((keyword) => {
    const list = schema[keyword] ?? null;
    return isJsonList(list) ? list.map((child, at) => [child, `${path}.${keyword}[${at}]`] as const) : [];
  });
  const single = SCHEMAS.flatMap((keyword) => {
    const child = schema[keyword];
    return child === undefined || isJsonList(child) ? [] : [[child, `${path}.${keyword}`] as const];
  });
  return [...inMaps, ...inLists, ...single];
}

/** How many schemas one value may be held against; one that refers to itself counts as one. */
function unfolded(schema: Json, root: JsonObject, open: ReadonlySet<string>): number {
  if (!isJsonObject(schema)) return 1;
  let count = 1;
  for (const [child] of childrenOf(schema, '')) {
    count += unfolded(child, root, open);
    if (count > MAX_UNFOLDED) return count;
  }
  const { $ref } = schema;
  if (typeof $ref !== 'string' || open.has($ref)) return count;
  const target = pointedAt(root, $ref);
  return target === undefined ? count : count + unfolded(target, root, new Set([...open, $ref]));
}

function pointedAt(root: JsonObject, ref: string): Json | undefined {
  let at: Json | undefined = root;
  for (const part of ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = at !== undefined && isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

const isTextList = (value: Json): boolean =>
  isJsonList(value) && value.every((item) => typeof item === 'string');
