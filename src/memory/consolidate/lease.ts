import type { Database, Queryable } from '../../storage/index.ts';
import { ageStatements } from './steps.ts';

/** One process tidies at a time; one that dies in between is succeeded after so long, in milliseconds. */
const LEASE_MS = 600_000;

/**
 * Takes the lease, or makes it last again; false where another process has it.
 *
 * @param holder name of this process
 * @param now milliseconds since the Unix epoch
 */
export async function takeLease(database: Database, holder: string, now: number): Promise<boolean> {
  const { committed } = await database.commit([
    {
      sql: 'update memory_tidying set holder = $1, until = $2 where until <= $3 or holder = $1',
      params: [holder, new Date(now + LEASE_MS), new Date(now)],
    },
  ]);
  return committed;
}

/** Gives the lease back; what was tidied is left alone for a day where the run came to its end. */
export async function endLease(
  database: Database,
  holder: string,
  { now, finished }: { readonly now: number; readonly finished: boolean },
): Promise<void> {
  const release = {
    sql: `update memory_tidying set until = '-infinity', ended_at = case when $2 then $3 else ended_at end
           where holder = $1`,
    params: [holder, finished, new Date(now)],
  };
  await database.commit(finished ? [release, ...ageStatements(now)] : [release]);
}

/** When memory was last tidied to the end, in milliseconds since the Unix epoch; undefined: never. */
export async function lastTidied(database: Queryable): Promise<number | undefined> {
  const { rows } = await database.query<{ ended_at: Date | null }>('select ended_at from memory_tidying');
  return rows[0]?.ended_at?.getTime();
}

/**
 * Whether nobody is at work: no effect is under way, and no conversation took a step for so many milliseconds. Two looks
 * at indexes that hold open work, or begin with the latest.
 */
export async function isQuiet(database: Queryable, now: number, quietMs: number): Promise<boolean> {
  const { rows } = await database.query<{ quiet: boolean }>(QUIET, [
    new Date(now - quietMs),
    new Date(now - LONGEST_EFFECT_MS),
  ]);
  return rows[0]?.quiet ?? false;
}

/** An effect that began longer ago is one that nobody waits for. */
const LONGEST_EFFECT_MS = 3_600_000;

const QUIET = `
  select not exists (select from effect where state = 'intended' and intended_at > $2)
     and not exists (select from inbox where done_at is null and accepted_at > $2)
     and coalesce((select updated_at from actor order by updated_at desc limit 1) < $1, true) as quiet`;
