import type { Queryable } from '../../storage/index.ts';
import { isPromptFile } from '../paths.ts';

/** A document that did not change for longer than its folder keeps what does not change. */
export interface ExpiredDocument {
  readonly path: string;
  readonly version: number;
  /** What the rule of its folder says. */
  readonly retentionDays: number;
}

/** At most so many at a time: what is left over is found the next time. */
const MOST = 500;

/**
 * Documents that the rules of their folders let go, the oldest first, 500 at most. Never those that steer the
 * assistant, and never the rules themselves.
 *
 * Cost: nothing where no folder has such a rule; else a look at each document.
 *
 * @param now in milliseconds since the Unix epoch
 */
export async function expiredDocuments(
  database: Queryable,
  now: number,
): Promise<readonly ExpiredDocument[]> {
  const { rows } = await database.query<ExpiredRow>(EXPIRED, [new Date(now)]);
  return rows
    .filter(({ path }) => !isPromptFile(path))
    .map(({ path, version, days }) => ({ path, version, retentionDays: days }));
}

interface ExpiredRow extends Record<string, unknown> {
  readonly path: string;
  readonly version: number;
  readonly days: number;
}

const EXPIRED = `
  select path, version, days
  from memory_document,
       lateral (select case when memory_rule_of(path, '{hygiene,enabled}') is distinct from 'false'
                            then (memory_rule_of(path, '{hygiene,retention_days}'))::integer end as days) as kept
  where exists (select from memory_rule where rules @? '$.hygiene.retention_days')
    and not memory_is_rule(path) and days is not null
    and updated_at < $1::timestamptz - make_interval(days => days)
  order by updated_at, path limit ${MOST}`;
