import { periodsAt } from '../budget/index.ts';
import type { RoutineGuardrails, RoutineRun, RoutineTrigger } from '../core/routines.ts';
import { notificationStatement } from '../notifications/index.ts';
import type { Database, Statement } from '../storage/index.ts';
import { allowToday, type UsedUp, usedUpBudgets, usedUpReason, usedUpStatement } from './day-budget.ts';
import { decide, type WaitingRun } from './decide.ts';
import { guardrailsOf } from './guardrails.ts';
import { fromRoutine } from './ledger.ts';
import { RUN_COLUMNS, type RunRow, runOf } from './row.ts';
import type { RoutineSettings } from './settings.ts';

export interface Dispatched {
  readonly begun: readonly RoutineRun[];
  /** They were skipped, or gave way to others. */
  readonly ended: readonly RoutineRun[];
  /** Routines with runs that could begin if less were going on. */
  readonly waiting: readonly string[];
  /** Some that gave way have conversations and jobs that are still to be stopped. */
  readonly halting: boolean;
  /** When the next of those that wait for their time is ready, in milliseconds since the Unix epoch. */
  readonly nextReadyAt: number | null;
}

type WaitingRow = {
  readonly id: string;
  readonly routine_id: string;
  readonly kind: RoutineTrigger['kind'];
  readonly patient: boolean;
  readonly ready_at: Date;
  readonly guardrails: Partial<RoutineGuardrails>;
  readonly last_run_at: Date | null;
  readonly name: string;
  readonly conversation_id: string | null;
};

/** Enough to fill every slot, whatever is skipped. */
const AT_ONCE = 500;

/**
 * Begins, skips or replaces the runs whose time has come, in one commit. A run that another process began meanwhile is
 * left to it.
 *
 * Cost: one or two queries over partial indexes that hold open runs only, and one where a routine with a budget of its
 * own waits; where something is to be done, one commit.
 *
 * @param now milliseconds since the Unix epoch
 * @param timezone the user's, in which days begin
 */
export async function dispatch(
  database: Database,
  limits: RoutineSettings,
  now: number,
  timezone: string,
): Promise<Dispatched> {
  const { rows: queued } = await database.query<WaitingRow>(WAITING, [AT_ONCE]);
  const rows = queued.filter((row) => row.ready_at.getTime() <= now);
  const nextReadyAt = queued[rows.length]?.ready_at.getTime() ?? null;
  if (rows.length === 0) return { ...NOTHING, nextReadyAt };
  const running = await runningRuns(database);
  const { day } = periodsAt(now, timezone);
  const usedUp = await usedUpBudgets(database, rows.map(limitedOf), day);
  const ready = rows.map((row) => waitingOf(row, usedUp));
  const { begin, skip, replaced, waiting } = decide(ready, running, limits.maxConcurrent, now);
  if (begin.length + skip.length === 0) return { ...NOTHING, waiting, nextReadyAt };
  const late = rows.filter((row) => isLate(row, begin, limits, now));
  const skipped = skip.map(({ run, reason }) => ({ id: run.id, reason }));
  const at = new Date(now);
  const { results } = await database.commit([
    { sql: 'select 1' },
    ...(replaced.length > 0 ? [{ sql: REPLACE, params: [replaced, at] }] : []),
    ...(skip.length > 0 ? [{ sql: SKIP, params: [JSON.stringify(skipped), at] }] : []),
    ...(begin.length > 0 ? [{ sql: BEGIN, params: [begin.map(({ id }) => id), at] }] : []),
    ...allowToday(
      begin.map(({ routineId, guardrails }) => ({ id: routineId, guardrails })),
      day,
      now,
    ),
    ...usedUpStatements(rows, usedUp, now),
    ...late.map((row) => lateStatement(row, now)),
  ]);
  const runs = results.flatMap(({ rows: written }) => written.filter(isRunRow).map(runOf));
  return {
    begun: runs.filter(({ status }) => status === 'running'),
    ended: runs.filter(({ status }) => status !== 'running'),
    waiting,
    halting: replaced.length > 0,
    nextReadyAt,
  };
}

const NOTHING = { begun: [], ended: [], waiting: [], halting: false } as const;

/** What the statements above return is `RUN_COLUMNS`. */
const isRunRow = (row: Record<string, unknown>): row is RunRow => typeof row.id === 'string';

const limitedOf = (row: WaitingRow) => ({
  id: row.routine_id,
  guardrails: guardrailsOf(row.kind, row.guardrails),
});

function usedUpStatements(
  rows: readonly WaitingRow[],
  usedUp: ReadonlyMap<string, UsedUp>,
  now: number,
): readonly Statement[] {
  const named = new Map(rows.map((row) => [row.routine_id, row]));
  return [...usedUp].flatMap(([id, budget]) => {
    const row = named.get(id);
    if (!row) return [];
    return [usedUpStatement({ id, name: row.name, conversationId: row.conversation_id }, budget, now)];
  });
}

const refusalOf = (usedUp: UsedUp | undefined): string | null => (usedUp ? usedUpReason(usedUp) : null);

const waitingOf = (row: WaitingRow, usedUp: ReadonlyMap<string, UsedUp>): WaitingRun => ({
  id: row.id,
  routineId: row.routine_id,
  kind: row.kind,
  patient: row.patient,
  readyAt: row.ready_at.getTime(),
  guardrails: guardrailsOf(row.kind, row.guardrails),
  lastRunAt: row.last_run_at?.getTime() ?? null,
  refusal: refusalOf(usedUp.get(row.routine_id)),
});

async function runningRuns(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await database.query<{ routine_id: string; ids: string[] }>(RUNNING);
  return new Map(rows.map(({ routine_id, ids }) => [routine_id, ids]));
}

function isLate(
  { id, kind, patient, ready_at }: WaitingRow,
  begin: readonly WaitingRun[],
  { lateAfterMs }: RoutineSettings,
  now: number,
): boolean {
  if (kind !== 'cron' || patient || lateAfterMs === 0 || now - ready_at.getTime() <= lateAfterMs)
    return false;
  return begin.some((run) => run.id === id);
}

function lateStatement(row: WaitingRow, now: number): Statement {
  const seconds = Math.round((now - row.ready_at.getTime()) / 1000);
  const notification = {
    kind: 'routine.late',
    key: `routine/${row.routine_id}/late/${row.id}`,
    from: fromRoutine(row),
    text: `It began ${seconds} s after its time, because too much else was going on.`,
    conversationId: row.conversation_id,
    origins: [],
  } as const;
  return notificationStatement(notification, now);
}

/** Runs that are under way by the database, whoever works on them. */
export async function openRuns(database: Database): Promise<readonly RoutineRun[]> {
  const { rows } = await database.query<RunRow>(OPEN);
  return rows.map(runOf);
}

const WAITING = `
  select q.id, q.routine_id, q.kind, q.patient, q.ready_at, r.guardrails, r.last_run_at, r.name, r.conversation_id
    from routine_run q join routine r on r.id = q.routine_id
   where q.status = 'queued' order by q.ready_at, q.id limit $1`;

const RUNNING = `select routine_id, array_agg(id) as ids from routine_run where status = 'running' group by routine_id`;

const OPEN = `select ${RUN_COLUMNS} from routine_run q where q.status = 'running' order by q.started_at`;

const REPLACE = `
  update routine_run q
     set status = 'cancelled', completed_at = $2::timestamptz, halting = true, summary = 'A later start took its place.'
   where q.id = any($1::text[]) and q.status = 'running'
  returning ${RUN_COLUMNS}`;

const SKIP = `
  with given as (select * from jsonb_to_recordset($1::text::jsonb) as g(id text, reason text)),
  skipped as (
    update routine_run q
       set status = 'cancelled', completed_at = $2::timestamptz, summary = 'Not started: ' || g.reason
      from given g where q.id = g.id and q.status = 'queued'
    returning ${RUN_COLUMNS}, g.reason
  ), entered as (
    update routine_due d set state = 'skipped', reason = s.reason
      from skipped s where d.run_id = s.id and d.state = 'claimed'
  )
  select * from skipped`;

const BEGIN = `
  with begun as (
    update routine_run q
       set status = 'running', started_at = $2::timestamptz,
           late_ms = case when q.due_at is null then null
                     else least(2147483647, greatest(0, extract(epoch from $2::timestamptz - q.ready_at) * 1000))::integer end
     where q.id = any($1::text[]) and q.status = 'queued'
    returning ${RUN_COLUMNS}
  ), entered as (
    update routine_due d set state = 'fired' from begun b where d.run_id = b.id and d.state = 'claimed'
  ), counted as (
    update routine r set last_run_at = $2::timestamptz, run_count = run_count + n.runs
      from (select routine_id, count(*)::integer as runs from begun group by routine_id) n where r.id = n.routine_id
  )
  select * from begun`;
