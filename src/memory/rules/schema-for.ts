import type { JsonObject } from '../../core/json.ts';
import type { Queryable } from '../../storage/index.ts';

/** The JSON Schema that a document of this path must fit; undefined where its folders ask for none. */
export async function schemaFor(database: Queryable, path: string): Promise<JsonObject | undefined> {
  const { rows } = await database.query<{ schema: JsonObject | null }>(
    `select memory_rule_of($1, '{schema}') as schema`,
    [path],
  );
  return rows[0]?.schema ?? undefined;
}
