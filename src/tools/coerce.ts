import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/**
 * Bends the arguments a model wrote towards the schema they were meant for: `"5"` to 5, `"true"` to true, JSON in a
 * string to what it says, a single value to a list of one, numbers into their range, fractions to whole numbers,
 * the letter case of enum values. For an argument that is not required, `null`, `""` and a 0 outside its range
 * mean that it was not given. What is not in the schema is dropped where the schema lists its properties.
 *
 * Never throws; what cannot be bent stays as it is, for validation to complain about.
 */
export function coerceArguments(schema: JsonObject, args: JsonObject): JsonObject {
  const properties = asObject(schema.properties);
  if (!properties) return args;
  const required = asList(schema.required);
  const entries = Object.entries(properties).flatMap(([name, property]) => {
    if (!Object.hasOwn(args, name)) return [];
    const value = coerceProperty(asObject(property) ?? {}, args[name] ?? null, required.includes(name));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...entries, ...additional(schema, properties, args)]);
}

function additional(
  schema: JsonObject,
  properties: JsonObject,
  args: JsonObject,
): (readonly [string, Json])[] {
  const rest = schema.additionalProperties;
  if (rest === undefined || rest === false) return [];
  return Object.entries(args)
    .filter(([name]) => !Object.hasOwn(properties, name))
    .map(([name, value]) => [name, coerce(asObject(rest) ?? {}, value)] as const);
}

function coerceProperty(schema: JsonObject, value: Json, required: boolean): Json | undefined {
  if (!required && meansAbsent(schema, value)) return undefined;
  return coerce(schema, value);
}

function meansAbsent(schema: JsonObject, value: Json): boolean {
  if (value === null) return !typesOf(schema).includes('null');
  if (value === '') return schema.const !== '' && !asList(schema.enum).includes('');
  return isZero(value) && typeof schema.minimum === 'number' && schema.minimum > 0;
}

const isZero = (value: Json): boolean =>
  value === 0 || (typeof value === 'string' && value.trim() !== '' && Number(value) === 0);

function coerce(schema: JsonObject, value: Json): Json {
  const choices = [...asList(schema.anyOf), ...asList(schema.oneOf)]
    .map(asObject)
    .filter((choice) => choice !== undefined);
  if (choices.length > 0) return coerceToChoice(choices, value);
  if (Array.isArray(schema.enum)) return coerceToEnum(schema.enum, value);
  const types = typesOf(schema);
  if (types.length === 0) return value;
  if (types.some((type) => hasType(type, value))) return within(schema, value);
  for (const type of types) {
    const coerced = coerceToType(type, schema, value);
    if (coerced !== undefined) return within(schema, coerced);
  }
  return value;
}

/** The first choice that fits as it is, else the first that can be made to fit. */
function coerceToChoice(choices: readonly JsonObject[], value: Json): Json {
  const fitting = choices.find((choice) => fits(choice, value));
  if (fitting) return coerce(fitting, value);
  for (const choice of choices) {
    const coerced = coerce(choice, value);
    if (fits(choice, coerced)) return coerced;
  }
  return value;
}

function fits(schema: JsonObject, value: Json): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.includes(value);
  if (schema.const !== undefined) return schema.const === value;
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => hasType(type, value))) return false;
  return asList(schema.required).every((name) => typeof name === 'string' && hasProperty(value, name));
}

function coerceToEnum(allowed: readonly Json[], value: Json): Json {
  if (allowed.includes(value)) return value;
  const asked = textOf(value).trim().toLowerCase();
  return allowed.find((option) => textOf(option).toLowerCase() === asked) ?? value;
}

function coerceToType(type: string, schema: JsonObject, value: Json): Json | undefined {
  switch (type) {
    case 'integer':
    case 'number':
      return toNumber(value, type === 'integer');
    case 'boolean':
      return toBoolean(value);
    case 'string':
      return value === null ? undefined : textOf(value);
    case 'array':
      return value === null ? undefined : (parsed(value, Array.isArray) ?? [value]);
    case 'object':
      return parsed(value, (inner) => asObject(inner) !== undefined);
    default:
      return schema.const === value ? value : undefined;
  }
}

/** Inside the schema's limits, at every depth. */
function within(schema: JsonObject, value: Json): Json {
  if (typeof value === 'number') return clamp(schema, value);
  if (Array.isArray(value)) return value.map((item) => coerce(asObject(schema.items) ?? {}, item));
  const object = asObject(value);
  return object ? coerceArguments(schema, object) : value;
}

function clamp({ minimum, maximum }: JsonObject, value: number): number {
  const low = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const high = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  return Math.max(low, Math.min(high, value));
}

function toNumber(value: Json, whole: boolean): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value.replaceAll('_', '')) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return whole ? Math.trunc(number) : number;
}

function toBoolean(value: Json): boolean | undefined {
  const word = textOf(value).trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  return ['false', 'no', 'off', '0'].includes(word) ? false : undefined;
}

function parsed(value: Json, wanted: (inner: Json) => boolean): Json | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const inner: Json = JSON.parse(value);
    return wanted(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

function hasType(type: string, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return asObject(value) !== undefined;
    default:
      return typeof value === type;
  }
}

const hasProperty = (value: Json, name: string): boolean => Object.hasOwn(asObject(value) ?? {}, name);

const typesOf = ({ type }: JsonObject): readonly string[] =>
  (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');

const asList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function asObject(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
