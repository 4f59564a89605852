import type { Database, Queryable } from './database.ts';
import { jsonText } from './journal/json-text.ts';

/** A value that the program keeps under a name of its own. The caller vouches for its shape: it wrote it. */
export async function readSetting<T>(database: Queryable, key: string): Promise<T | undefined> {
  const { rows } = await database.query<{ value: T }>('select value from setting where key = $1', [key]);
  return rows[0]?.value;
}

/** @param now milliseconds since the Unix epoch */
export async function writeSetting(
  database: Database,
  key: string,
  value: unknown,
  now: number,
): Promise<void> {
  await database.commit([
    {
      sql: `insert into setting (key, value, updated_at) values ($1, $2::text::jsonb, $3::text::timestamptz)
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
      params: [key, jsonText(value), new Date(now).toISOString()],
    },
  ]);
}
