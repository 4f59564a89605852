import type { Statement } from '../storage/index.ts';
import type { HygieneSettings } from './settings.ts';

/** A kind of rows that grow old. */
export interface Pruning {
  /** In words, for people: `settled notifications`. */
  readonly what: string;
  /** One row where there is any. */
  readonly find: Statement;
  /** How many there are; one row with `count`. */
  readonly count: Statement;
  /** Removes 200 of them at most. */
  readonly remove: Statement;
}

/** Rows in one commit. */
export const MOST_ROWS = 200;

interface OldRows {
  readonly what: string;
  readonly table: string;
  /** Which of them; `$1` is the time before which they are too old. */
  readonly where: string;
  readonly days: number;
}

/**
 * All that is removed because it is old, beside documents of memory and conversations. What leans on others stands before
 * them. Open work is never among it.
 *
 * Cost of each: a pass over its table, in the database.
 *
 * @param now milliseconds since the Unix epoch
 */
export function prunings({ workDays, recordDays }: HygieneSettings, now: number): readonly Pruning[] {
  return oldRows(workDays, recordDays)
    .filter(({ days }) => days > 0)
    .map((rows) => pruningOf(rows, now));
}

function pruningOf({ what, table, where, days }: OldRows, now: number): Pruning {
  const params = [new Date(now - days * DAY_MS)];
  return {
    what,
    find: { sql: `select from ${table} as old where ${where} limit 1`, params },
    count: { sql: `select count(*)::integer as count from ${table} as old where ${where}`, params },
    remove: {
      sql: `delete from ${table} where ctid = any (array(
              select ctid from ${table} as old where ${where} limit ${MOST_ROWS}))`,
      params,
    },
  };
}

const DAY_MS = 86_400_000;

/** For what has no time of its own. */
const ALWAYS_DAYS = 1;

const ENDED_JOB = `state in ('completed', 'submitted', 'accepted', 'failed', 'cancelled')`;

const oldRows = (work: number, record: number): readonly OldRows[] => [
  {
    what: 'events of jobs',
    table: 'job_event',
    where: `exists (select from job where job.id = old.job_id and ${ENDED_JOB} and job.completed_at < $1)`,
    days: work,
  },
  {
    what: 'jobs that ended',
    table: 'job',
    where: `${ENDED_JOB} and completed_at < $1
            and not exists (select from job as child where child.parent_id = old.id)
            and not exists (select from job_event where job_event.job_id = old.id)`,
    days: work,
  },
  {
    what: 'journals of such jobs',
    table: 'journal',
    where: `starts_with(actor_key, 'job/') and at < $1 and ${withoutJob('substr(old.actor_key, 5)')}`,
    days: work,
  },
  {
    what: 'places of such jobs',
    table: 'actor',
    where: `kind = 'job' and snapshot is null and updated_at < $1 and ${withoutJob('substr(old.key, 5)')}
            and not exists (select from journal where journal.actor_key = old.key)`,
    days: work,
  },
  {
    what: 'what was said to such jobs in containers',
    table: 'job_prompt',
    where: `at < $1 and ${withoutJob('old.job_id')}`,
    days: work,
  },
  {
    what: 'containers of such jobs',
    table: 'job_container',
    where: `created_at < $1 and container_id is null and ${withoutJob('old.job_id')}`,
    days: work,
  },
  {
    what: 'runs of routines',
    table: 'routine_run',
    where: `status not in ('queued', 'running') and not halting and completed_at < $1`,
    days: work,
  },
  {
    what: 'due times of routines',
    table: 'routine_due',
    where: `state <> 'claimed' and last_at < $1
            and exists (select from routine where routine.id = old.routine_id and accounted_until > old.last_at)`,
    days: work,
  },
  { what: 'beats of the heart', table: 'heartbeat_beat', where: 'ended_at < $1', days: work },
  {
    what: 'settled notifications',
    table: 'notification',
    where: `state <> 'waiting' and settled_at < $1`,
    days: record,
  },
  { what: 'inputs that were dealt with', table: 'inbox', where: 'done_at < $1', days: record },
  {
    what: 'replies that were delivered',
    table: 'outbox',
    where: `state in ('delivered', 'unknown') and coalesce(delivered_at, prepared_at) < $1`,
    days: record,
  },
  {
    what: 'effects that were done',
    table: 'effect',
    where: `state = 'done' and done_at < $1
            and not exists (select from actor where actor.key = old.actor_key and actor.snapshot is not null)`,
    days: record,
  },
  {
    what: 'versions that folders do not keep',
    table: 'memory_version',
    where: `changed_at < $1 and exists (
              select from memory_document d
               where d.path = old.path and old.version <= d.version - memory_kept_versions(d.path))`,
    days: ALWAYS_DAYS,
  },
  {
    what: 'notes on who wrote lines of documents that are gone',
    table: 'memory_passage',
    where: `not exists (select from memory_document d where d.path = old.path)
            and exists (select from memory_source s where s.id = old.source_id and s.at < $1)`,
    days: ALWAYS_DAYS,
  },
];

function withoutJob(id: string): string {
  return `not exists (select from job where job.id = ${id})`;
}
