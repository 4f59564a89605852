import type { Database, Queryable } from '../storage/index.ts';

/** One process at a time does it; one that dies in between is succeeded after so long, in milliseconds. */
const LEASE_MS = 600_000;

export interface UpkeepState {
  /** When it was last done to its end, in milliseconds since the Unix epoch; null: never. */
  readonly lastAt: number | null;
  /** What was done, in words and numbers. */
  readonly report: Readonly<Record<string, number>>;
}

export async function lastUpkeep(database: Queryable, name: string): Promise<UpkeepState> {
  const { rows } = await database.query<{ last_at: Date | null; report: UpkeepState['report'] | null }>(
    'select last_at, report from upkeep where name = $1',
    [name],
  );
  return { lastAt: rows[0]?.last_at?.getTime() ?? null, report: rows[0]?.report ?? {} };
}

/** Takes it, or goes on having it; false where another process has it. */
export async function takeUpkeep(
  database: Database,
  name: string,
  holder: string,
  now: number,
): Promise<boolean> {
  const params = [name, holder, new Date(now + LEASE_MS), new Date(now)];
  return (await database.commit([{ sql: TAKE, params }])).committed;
}

/** Gives it back; with a report, as done to its end. */
export async function endUpkeep(
  database: Database,
  name: string,
  holder: string,
  { now, report }: { readonly now: number; readonly report?: UpkeepState['report'] | undefined },
): Promise<void> {
  const params = [name, holder, report ? new Date(now) : null, report ? JSON.stringify(report) : null];
  await database.commit([{ sql: END, params }]);
}

const TAKE = `
  insert into upkeep as kept (name, holder, until) values ($1::text, $2::text, $3::timestamptz)
  on conflict (name) do update set holder = excluded.holder, until = excluded.until
   where kept.until <= $4::timestamptz or kept.holder = excluded.holder
  returning name`;

const END = `
  update upkeep set holder = null, until = '-infinity', last_at = coalesce($3::timestamptz, last_at),
         report = coalesce($4::text::jsonb, report)
   where name = $1::text and holder = $2::text`;
