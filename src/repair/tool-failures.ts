import type { Queryable, Statement } from '../storage/index.ts';

/** What is known of a tool from outside that failed. Times are milliseconds since the Unix epoch. */
export interface ToolFailure {
  readonly tool: string;
  /** That it failed with; changes with its code. */
  readonly version: string;
  /** In a row, by its own fault. */
  readonly count: number;
  readonly lastError: string;
  readonly lastAt: number;
  /** Where it failed last. */
  readonly conversationId: string;
  /** Since when it counts as broken; null: it does not. */
  readonly brokenAt: number | null;
  readonly attempts: number;
  readonly job: string | null;
  readonly lastResult: string | null;
  readonly repairedAt: number | null;
  /** Where it was installed from, as far as that is known. */
  readonly source: string | null;
}

/** What is known of one tool, or of all that ever failed: the latest first. */
export async function toolFailures(database: Queryable, tool?: string): Promise<readonly ToolFailure[]> {
  const { rows } = await database.query<Row>(
    tool === undefined ? `${ALL} limit 200` : ONE,
    tool ? [tool] : [],
  );
  return rows.map(toFailure);
}

/** A failure counts; with another version than before it is the first of its row. */
export function failureStatement(
  failure: Pick<ToolFailure, 'tool' | 'version' | 'count' | 'lastError' | 'conversationId' | 'brokenAt'>,
  result: string | null,
  now: number,
): Statement {
  const { tool, version, count, lastError, conversationId, brokenAt } = failure;
  const broken = brokenAt === null ? null : new Date(brokenAt);
  return {
    sql: FAILED,
    params: [tool, version, count, lastError, new Date(now), conversationId, broken, result],
  };
}

/** It worked. Where it was broken before, it is repaired. */
export const workedStatement = (tool: string, version: string, now: number): Statement => ({
  sql: WORKED,
  params: [tool, version, new Date(now)],
});

/** An attempt at its repair has begun: once for each job. */
export const attemptStatement = (tool: string, job: string): Statement => ({
  sql: `update tool_failure set repair_attempts = repair_attempts + 1, repair_job = $2::text, last_result = null
         where tool = $1::text and repair_job is distinct from $2::text`,
  params: [tool, job],
});

/** Where a tool was installed from: to be committed with its installation. */
export const sourceStatement = (tool: string, path: string): Statement => ({
  sql: `insert into tool_source (tool, path, at) values ($1::text, $2::text, now())
        on conflict (tool) do update set path = excluded.path, at = excluded.at`,
  params: [tool, path],
});

const ALL = `
  select f.*, s.path as source from tool_failure f left join tool_source s on s.tool = f.tool
   order by f.last_at desc, f.tool`;
const ONE = `
  select f.*, s.path as source from tool_failure f left join tool_source s on s.tool = f.tool where f.tool = $1`;

const FAILED = `
  insert into tool_failure as f (tool, version, error_count, last_error, last_at, conversation_id, broken_at)
  values ($1::text, $2::text, $3::integer, $4::text, $5::timestamptz, $6::text, $7::timestamptz)
  on conflict (tool) do update
     set version = excluded.version, error_count = excluded.error_count, last_error = excluded.last_error,
         last_at = excluded.last_at, conversation_id = excluded.conversation_id, broken_at = excluded.broken_at,
         last_result = coalesce($8::text, f.last_result)`;

const WORKED = `
  update tool_failure
     set version = $2::text, error_count = 0,
         repaired_at = case when broken_at is null then repaired_at else $3::timestamptz end,
         last_result = case when broken_at is null then last_result else 'It works again.' end,
         repair_attempts = 0, broken_at = null
   where tool = $1::text`;

interface Row extends Record<string, unknown> {
  readonly tool: string;
  readonly version: string;
  readonly error_count: number;
  readonly last_error: string;
  readonly last_at: Date;
  readonly conversation_id: string;
  readonly broken_at: Date | null;
  readonly repair_attempts: number;
  readonly repair_job: string | null;
  readonly last_result: string | null;
  readonly repaired_at: Date | null;
  readonly source: string | null;
}

const toFailure = (row: Row): ToolFailure => ({
  tool: row.tool,
  version: row.version,
  count: row.error_count,
  lastError: row.last_error,
  lastAt: row.last_at.getTime(),
  conversationId: row.conversation_id,
  brokenAt: row.broken_at?.getTime() ?? null,
  attempts: row.repair_attempts,
  job: row.repair_job,
  lastResult: row.last_result,
  repairedAt: row.repaired_at?.getTime() ?? null,
  source: row.source,
});
