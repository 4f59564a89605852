import { allowanceChanged, routineBudget } from '../budget/index.ts';
import type {
  DueTime,
  Routine,
  RoutineAction,
  RoutineCounts,
  RoutineDraft,
  RoutineGuardrails,
  RoutineNotify,
  RoutineRun,
  RoutineTrigger,
} from '../core/routines.ts';
import type { Database, Queryable, Statement } from '../storage/index.ts';
import { runIdOf } from './derive.ts';
import { switchOff } from './finish-run.ts';
import { guardrailsOf, notifyOf } from './guardrails.ts';
import { startReading } from './message-reader.ts';
import { ROUTINE_COLUMNS, type RoutineRow, RUN_COLUMNS, type RunRow, routineOf, runOf } from './row.ts';
import { readSchedule } from './schedule/schedule.ts';
import { OWN_SOURCE } from './system-event.ts';

/** A routine's row, whether a run of it is under way, and what the runs of a day have cost. */
export type KnownRoutine = RoutineRow & { readonly running: boolean; readonly spent_today: number };

type DueRow = {
  readonly due_at: Date;
  readonly state: DueTime['state'];
  readonly reason: string | null;
  readonly run_id: string | null;
  readonly times: number;
  readonly last_at: Date;
};

type CountRow = {
  readonly total: number;
  readonly enabled: number;
  readonly unverified: number;
  readonly failing: number;
};

type RunsRow = {
  readonly today: number;
  readonly runs: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
};

/**
 * By id or by name.
 *
 * @param day of the user's, whose costs are told
 */
export async function findRoutine(
  database: Queryable,
  routine: string,
  day: string,
): Promise<KnownRoutine | undefined> {
  const { rows } = await database.query<KnownRoutine>(FIND, [day, routine]);
  return rows[0];
}

/** All of them, by name. */
export async function readRoutines(database: Queryable, day: string): Promise<readonly KnownRoutine[]> {
  const { rows } = await database.query<KnownRoutine>(ALL, [day]);
  return rows;
}

/** What an actor of a routine needs to know of it. */
export type RoutineHead = { readonly id: string; readonly enabled: boolean; readonly cooldown: number };

/** A page of them in the order of their ids, after one. */
export async function routineHeads(
  database: Queryable,
  after: string,
  limit: number,
): Promise<readonly RoutineHead[]> {
  const { rows } = await database.query<RoutineHead>(HEADS, [after, limit]);
  return rows;
}

export async function routineHead(database: Queryable, id: string): Promise<RoutineHead | undefined> {
  const { rows } = await database.query<RoutineHead>(HEAD, [id]);
  return rows[0];
}

/** Which events of the assistant's own some routine waits for, by type. */
export async function wantedNews(database: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ type: string }>(WANTED_NEWS, [OWN_SOURCE]);
  return new Set(rows.map(({ type }) => type));
}

/** The id of the routine that was, or is to be, created under this id. */
export const routineIdOf = (externalId: string): string => runIdOf('routine', externalId).slice(0, 16);

/** Writes a routine that is not there; undefined where its name is taken. The same `externalId` again changes nothing. */
export async function insertRoutine(
  database: Database,
  draft: RoutineDraft,
  externalId: string,
  now: number,
): Promise<KnownRoutine | undefined> {
  const id = routineIdOf(externalId);
  const { trigger } = draft;
  const { results } = await database.commit([
    { sql: 'select 1' },
    ...(trigger.kind === 'event' ? [startReading] : []),
    {
      sql: INSERT,
      params: [
        ...[id, externalId, draft.name, draft.description, trigger.kind, JSON.stringify(trigger)],
        ...[JSON.stringify(draft.action), JSON.stringify(guardrailsOf(trigger.kind, draft.guardrails))],
        ...[
          JSON.stringify(notifyOf(draft.notify)),
          draft.conversationId,
          draft.by,
          JSON.stringify(draft.origins),
        ],
        ...[new Date(now), firstDue(trigger, now)],
      ],
    },
  ]);
  const written = await findRoutine(database, id, NO_DAY);
  return results.length > 0 && written?.id === id ? written : undefined;
}

/** What is new has cost nothing. */
const NO_DAY = '';

function firstDue(trigger: RoutineTrigger, now: number): Date | null {
  if (trigger.kind !== 'cron') return null;
  const schedule = readSchedule(trigger.schedule, trigger.timezone);
  const next = schedule.ok ? schedule.value.next(now) : null;
  return next === null ? null : new Date(next);
}

/** What a routine is changed to. */
export interface RoutineChange {
  readonly description: string;
  readonly enabled: boolean;
  readonly trigger: RoutineTrigger;
  readonly action: RoutineAction;
  readonly guardrails: RoutineGuardrails;
  readonly notify: RoutineNotify;
  readonly by: Routine['by'];
  readonly origins: Routine['origins'];
}

/**
 * Changes a routine. Where its trigger changes or it is switched on, it waits for what comes from now on; where trigger
 * or action change, it counts as not verified. Another limit counts at once, also for runs of this day under way.
 *
 * @param day of the user's
 */
export async function changeRoutine(
  database: Database,
  before: Routine,
  change: RoutineChange,
  now: number,
  day: string,
): Promise<void> {
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const isRetriggered = !isSame(before.trigger, change.trigger);
  const isRedefined = isRetriggered || !isSame(before.action, change.action);
  const isRearmed = isRetriggered || (change.enabled && !before.enabled);
  const due = change.enabled ? firstDue(change.trigger, now) : null;
  await database.commit([
    { sql: 'select 1' },
    ...(change.trigger.kind === 'event' && isRearmed ? [startReading] : []),
    {
      sql: UPDATE,
      params: [
        ...[
          before.id,
          change.description,
          change.enabled,
          change.trigger.kind,
          JSON.stringify(change.trigger),
        ],
        ...[JSON.stringify(change.action), JSON.stringify(change.guardrails), JSON.stringify(change.notify)],
        ...[change.by, JSON.stringify(change.origins), new Date(now), isRedefined, isRearmed, due],
      ],
    },
    ...(before.enabled && !change.enabled ? switchOff(before.id, null, now) : []),
    allowanceChanged({ scope: routineBudget(before.id, day), microUsd: change.guardrails.dayMicroUsd }),
  ]);
}

export async function removeRoutine(database: Database, id: string): Promise<void> {
  await database.query('delete from routine where id = $1::text', [id]);
}

/** The run of a routine with this key; see `WantedRun`. */
export async function readRun(
  database: Queryable,
  routineId: string,
  key: string,
): Promise<RoutineRun | undefined> {
  const { rows } = await database.query<RunRow>(RUN, [runIdOf(routineId, key)]);
  return rows[0] && runOf(rows[0]);
}

export async function readRuns(
  database: Queryable,
  routineId: string,
  limit: number,
): Promise<readonly RoutineRun[]> {
  const { rows } = await database.query<RunRow>(RUNS, [routineId, limit]);
  return rows.map(runOf);
}

export async function readDueTimes(
  database: Queryable,
  routineId: string,
  limit: number,
): Promise<readonly DueTime[]> {
  const { rows } = await database.query<DueRow>(DUE_TIMES, [routineId, limit]);
  return rows.map(({ due_at, state, reason, run_id, times, last_at }) => ({
    routineId,
    dueAt: due_at.toISOString(),
    state,
    reason:
      times > 1 ? `${reason ?? ''} So did ${times - 1} more until ${last_at.toISOString()}.`.trim() : reason,
    runId: run_id,
  }));
}

const DAY_MS = 86_400_000;

/**
 * Cost: a pass over all routines, and one over all runs that are kept (30 days, by default): 30 ms for 100,000.
 *
 * @param midnight when the user's day began, in milliseconds since the Unix epoch
 */
export async function countRoutines(
  database: Queryable,
  { midnight, now, alarmMs }: { readonly midnight: number; readonly now: number; readonly alarmMs: number },
): Promise<RoutineCounts> {
  const [{ rows: counts }, { rows: begun }] = await Promise.all([
    database.query<CountRow>(COUNTS),
    database.query<RunsRow>(RUNS_BEGUN, [new Date(midnight), new Date(now - DAY_MS)]),
  ]);
  const { total = 0, enabled = 0, unverified = 0, failing = 0 } = counts[0] ?? {};
  const { today = 0, runs = 0, p50, p99, max } = begun[0] ?? {};
  const lateness = { runs, p50Ms: p50 ?? 0, p99Ms: p99 ?? 0, maxMs: max ?? 0, alarmMs };
  return { total, enabled, disabled: total - enabled, unverified, failing, runsToday: today, lateness };
}

/** The enabled routine with a webhook at this path; the oldest where there are several. */
export async function routineAtWebhook(database: Queryable, path: string): Promise<Routine | undefined> {
  const { rows } = await database.query<RoutineRow>(AT_WEBHOOK, [path]);
  const [row] = rows;
  return row && routineOf(row);
}

/** What a run of a routine is about, for whoever works on it. */
export interface RunOrder {
  readonly run: RoutineRun;
  readonly routine: Routine;
  readonly told: string | null;
  readonly origins: readonly string[];
  readonly causedBy: readonly string[];
}

export async function readRunOrder(database: Queryable, runId: string): Promise<RunOrder | undefined> {
  const { rows } = await database.query<RunRow>(RUN, [runId]);
  const [row] = rows;
  if (!row) return undefined;
  const { rows: found } = await database.query<RoutineRow>(OF_RUN, [row.routine_id]);
  const [routine] = found;
  if (!routine) return undefined;
  return {
    ...{ run: runOf(row), routine: routineOf(routine) },
    ...{ told: row.told, origins: row.origins, causedBy: row.caused_by },
  };
}

export const noteJob = (runId: string, jobId: string): Statement => ({
  sql: 'update routine_run set job_id = $2::text where id = $1::text',
  params: [runId, jobId],
});

/** Runs that were ended from outside and whose work still has to be stopped. */
export async function haltingRuns(database: Queryable): Promise<readonly RoutineRun[]> {
  const { rows } = await database.query<RunRow>(HALTING);
  return rows.map(runOf);
}

export const halted = (runId: string): Statement => ({
  sql: 'update routine_run set halting = false where id = $1::text and halting',
  params: [runId],
});

const KNOWN = `
  ${ROUTINE_COLUMNS},
  exists (select from routine_run q where q.routine_id = r.id and q.status = 'running') as running,
  coalesce((select b.spent + b.reserved from budget b where b.scope = 'routine/' || r.id || '/' || $1::text), 0)::bigint
    as spent_today`;

const FIND = `
  select ${KNOWN} from routine r where r.id = $2::text or r.name = $2::text
   order by r.id = $2::text desc limit 1`;

const ALL = `select ${KNOWN} from routine r order by r.name`;

const OF_RUN = `select ${ROUTINE_COLUMNS} from routine r where r.id = $1::text`;

const HEAD_COLUMNS = `id, enabled, (guardrails ->> 'cooldownSeconds')::integer as cooldown`;

const HEAD = `select ${HEAD_COLUMNS} from routine where id = $1::text`;

const WANTED_NEWS = `
  select distinct lower(trigger ->> 'eventType') as type from routine
   where enabled and kind = 'system_event' and lower(trigger ->> 'source') = $1::text`;

const HEADS = `
  select ${HEAD_COLUMNS} from routine
   where id > $1::text order by id limit $2`;

const INSERT = `
  insert into routine
    (id, external_id, name, description, enabled, kind, trigger, action, guardrails, notify, conversation_id, written_by,
     origins, created_at, updated_at, defined_at, armed_at, accounted_until, next_due_at)
  values ($1::text, $2::text, $3::text, $4::text, true, $5::text, $6::text::jsonb, $7::text::jsonb, $8::text::jsonb,
          $9::text::jsonb, $10::text, $11::text, $12::text::jsonb, $13::timestamptz, $13::timestamptz,
          $13::timestamptz, $13::timestamptz, $13::timestamptz, $14::timestamptz)
  on conflict do nothing`;

const UPDATE = `
  update routine
     set description = $2::text, enabled = $3::boolean, kind = $4::text, trigger = $5::text::jsonb,
         action = $6::text::jsonb, guardrails = $7::text::jsonb, notify = $8::text::jsonb, written_by = $9::text,
         origins = $10::text::jsonb, updated_at = $11::timestamptz,
         disabled_reason = case when $3::boolean then null else disabled_reason end,
         defined_at = case when $12::boolean then $11::timestamptz else defined_at end,
         verified = verified and not $12::boolean,
         consecutive_failures = case when $12::boolean or $13::boolean then 0 else consecutive_failures end,
         armed_at = case when $13::boolean then $11::timestamptz else armed_at end,
         accounted_until = case when $13::boolean then $11::timestamptz else accounted_until end,
         next_due_at = case when $13::boolean then $14::timestamptz
                            when $3::boolean then next_due_at end
   where id = $1::text`;

const RUN = `select ${RUN_COLUMNS} from routine_run q where q.id = $1::text`;
const RUNS = `
  select ${RUN_COLUMNS} from routine_run q where q.routine_id = $1::text order by q.queued_at desc, q.id desc limit $2`;
const HALTING = `select ${RUN_COLUMNS} from routine_run q where q.halting order by q.id limit 50`;

const DUE_TIMES = `
  select due_at, state, reason, run_id, times, last_at from routine_due
   where routine_id = $1::text order by due_at desc limit $2`;

const COUNTS = `
  select count(*)::integer as total,
         (count(*) filter (where enabled))::integer as enabled,
         (count(*) filter (where enabled and not verified))::integer as unverified,
         (count(*) filter (where enabled and consecutive_failures > 0))::integer as failing
    from routine`;

/** What was made up for was late because nothing ran, and says nothing of how well it runs. */
const RUNS_BEGUN = `
  with lately as (
    select started_at, case when not patient and started_at >= $2::timestamptz then late_ms end as late
      from routine_run where started_at >= least($1::timestamptz, $2::timestamptz)
  )
  select (count(*) filter (where started_at >= $1::timestamptz))::integer as today,
         count(late)::integer as runs, max(late) as max,
         percentile_disc(0.5) within group (order by late) as p50,
         percentile_disc(0.99) within group (order by late) as p99
    from lately`;

const AT_WEBHOOK = `
  select ${ROUTINE_COLUMNS} from routine r
   where r.enabled and r.kind = 'webhook' and r.trigger ->> 'path' = $1::text order by r.created_at limit 1`;
