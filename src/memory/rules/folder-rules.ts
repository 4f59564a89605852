import { z } from 'zod';
import { coerceError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { errorsAgainst } from '../../core/json-schema.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** As in `memory_rules_in` of the database: more versions, or a longer time, are hardly meant. */
const MOST_VERSIONS = 1_000;
const MOST_DAYS = 36_500;

const truth = z.boolean('must be true or false');

const hygiene = z.strictObject({
  /** Whether `retention_days` counts. True unless given. */
  enabled: truth.optional(),
  /** Documents that did not change for so long may be removed. */
  retention_days: wholeNumber(1, MOST_DAYS).optional(),
  /** Versions that are kept, the current one among them. */
  version_keep_count: wholeNumber(1, MOST_VERSIONS).optional(),
});

const rules = z.strictObject({
  /** Not found by searching. */
  skip_indexing: truth.optional(),
  /** No earlier versions are kept. */
  skip_versioning: truth.optional(),
  hygiene: hygiene.optional(),
  /** A JSON Schema that every document must fit. */
  schema: z.record(z.string(), z.json(), 'must be a JSON Schema: an object').optional(),
});

/** What is wrong with what a `.config` is to say; undefined where nothing is. */
export function wrongInRules(text: string): string | undefined {
  const given = readJson(text);
  if (!given.ok) return given.error;
  const checked = rules.safeParse(given.value);
  if (!checked.success) return complaint(checked.error.issues[0]);
  if (UNSTORABLE.test(JSON.stringify(checked.data))) return 'It holds signs that are none.';
  const { schema } = checked.data;
  const applied = schema ? errorsAgainst(schema, null) : ok([]);
  return applied.ok ? undefined : `"schema": ${applied.error}`;
}

/** What in a document does not fit the schema that its folder asks for; undefined where it fits. */
export function wrongBySchema(schema: JsonObject, text: string): string | undefined {
  const given = readJson(text);
  if (!given.ok) return given.error;
  const errors = errorsAgainst(schema, given.value);
  if (!errors.ok) return errors.error;
  return errors.value.length > 0 ? errors.value.join(' ') : undefined;
}

/** PostgreSQL's JSON holds neither NUL nor half a surrogate pair; `JSON.stringify` writes both as escapes. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

function readJson(text: string): Result<z.output<ReturnType<typeof z.json>>, string> {
  try {
    return ok(z.json().parse(JSON.parse(text)));
  } catch (thrown) {
    return err(`It is not JSON: ${coerceError(thrown).message}.`);
  }
}

function complaint(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys')
    return `"${[...issue.path, issue.keys[0]].join('.')}" is not known. Known are skip_indexing, skip_versioning, hygiene.enabled, hygiene.retention_days, hygiene.version_keep_count and schema.`;
  const place = issue?.path.join('.');
  return place ? `"${place}" ${issue?.message}.` : 'It must be an object: {"skip_indexing": true}.';
}

function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.number(rule).int(rule).min(least, rule).max(most, rule);
}
