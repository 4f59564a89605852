import type { Routine, RoutineGuardrails, RoutineTrigger } from '../core/routines.ts';
import { notificationStatement } from '../notifications/index.ts';
import type { Database, Statement } from '../storage/index.ts';
import { jitterOf, runIdOf } from './derive.ts';
import { type DuePlan, planDue } from './plan-due.ts';
import { localTime } from './schedule/explain-schedule.ts';
import { readSchedule } from './schedule/schedule.ts';

export interface Claimed {
  /** Runs that were queued. */
  readonly runs: number;
  /** More is due than was looked at. */
  readonly more: boolean;
}

type DueRow = {
  readonly id: string;
  readonly name: string;
  readonly trigger: RoutineTrigger;
  readonly guardrails: RoutineGuardrails;
  readonly conversation_id: string | null;
  readonly accounted_until: Date;
  readonly next_due_at: Date;
};

interface Planned {
  readonly row: DueRow;
  readonly plan: DuePlan;
}

/** Routines looked at in one go: 100 that are due in the same second are one commit. */
const AT_ONCE = 200;

/**
 * Enters every due time that has come into the ledger, and queues the runs that follow, in one commit. Whoever else does
 * the same at the same moment finds that the routine's next time is another one already, and enters nothing: so a due
 * time is claimed once, however many look.
 *
 * Cost: one query over a partial index; where something is due, one commit for all of it.
 *
 * @param now milliseconds since the Unix epoch
 */
export async function claimDue(database: Database, now: number): Promise<Claimed> {
  const { rows } = await database.query<DueRow>(DUE, [new Date(now), AT_ONCE]);
  if (rows.length === 0) return { runs: 0, more: false };
  const planned = rows.map((row) => ({ row, plan: planOf(row, now) }));
  const { results } = await database.commit([
    claimStatement(planned, now),
    ...planned.flatMap((one) => missedStatements(one, now)),
  ]);
  const runs = Number(results[0]?.rows[0]?.runs ?? 0);
  return {
    runs,
    more: rows.length === AT_ONCE || planned.some(({ plan }) => (plan.nextDueAt ?? now + 1) <= now),
  };
}

/** When the next of them is due, in milliseconds since the Unix epoch; null: none ever is. */
export async function nextDue(database: Database): Promise<number | null> {
  const { rows } = await database.query<{ at: Date | null }>(NEXT);
  return rows[0]?.at?.getTime() ?? null;
}

function planOf(row: DueRow, now: number): DuePlan {
  const accountedUntil = row.accounted_until.getTime();
  const schedule =
    row.trigger.kind === 'cron' ? readSchedule(row.trigger.schedule, row.trigger.timezone) : null;
  // Its schedule was checked when it was written; a zone may vanish with another version of the zone data.
  if (!schedule?.ok) return { accounted: [], accountedUntil, nextDueAt: null };
  return planDue({ schedule: schedule.value, guardrails: row.guardrails, accountedUntil }, now);
}

const iso = (at: number): string => new Date(at).toISOString();

function claimStatement(planned: readonly Planned[], now: number): Statement {
  const routines = planned.map(({ row, plan }) => ({
    id: row.id,
    expected: row.next_due_at.toISOString(),
    accounted: iso(plan.accountedUntil),
    next: plan.nextDueAt === null ? null : iso(plan.nextDueAt),
  }));
  const due = planned.flatMap(({ row, plan }) => plan.accounted.map((one) => dueOf(row, one)));
  return { sql: CLAIM, params: [JSON.stringify(routines), JSON.stringify(due), new Date(now)] };
}

function dueOf({ id, guardrails, trigger }: DueRow, one: DuePlan['accounted'][number]) {
  const isClaimed = one.state === 'claimed';
  return {
    routine_id: id,
    cause: isClaimed ? `due ${onClock(trigger, one.dueAt)}` : null,
    due_at: iso(one.dueAt),
    last_at: iso(one.lastAt),
    times: one.times,
    state: one.state,
    reason: one.reason,
    run_id: isClaimed ? runIdOf(id, `due ${one.dueAt}`) : null,
    ready_at: iso(one.dueAt + (one.late ? 0 : jitterOf(id, one.dueAt, guardrails.jitterSeconds * 1000))),
    patient: one.late,
  };
}

/** As the clocks of its zone show it: `2026-11-23 09:00 Europe/Berlin`, with seconds where they are not nought. */
function onClock(trigger: RoutineTrigger, at: number): string {
  const schedule = trigger.kind === 'cron' ? readSchedule(trigger.schedule, trigger.timezone) : undefined;
  if (!schedule?.ok) return iso(at);
  const { zone } = schedule.value;
  const time = localTime(at, zone.spanAt(at).offset).slice(0, 19).replace('T', ' ').replace(/:00$/, '');
  return `${time} ${zone.name}`;
}

/** Told once for each time that the ledger closes a gap. */
function missedStatements({ row, plan }: Planned, now: number): readonly Statement[] {
  const missed = plan.accounted.filter(({ state }) => state === 'missed');
  const last = missed.at(-1);
  if (!last) return [];
  const count = missed.reduce((sum, { times }) => sum + times, 0);
  const text =
    count === 1
      ? `It missed its time ${iso(last.lastAt)}, because nothing ran then.`
      : `It missed ${count} times until ${iso(last.lastAt)}, because nothing ran then.`;
  const notification = {
    kind: 'routine.missed',
    key: `routine/${row.id}/missed/${iso(last.lastAt)}`,
    from: fromRoutine(row),
    text,
    conversationId: row.conversation_id,
    origins: [],
  } as const;
  return [notificationStatement(notification, now)];
}

export const fromRoutine = ({ name }: Pick<Routine, 'name'>): string => `the routine "${name}"`;

const DUE = `
  select id, name, trigger, guardrails, conversation_id, accounted_until, next_due_at
    from routine where enabled and next_due_at <= $1::timestamptz
   order by next_due_at limit $2`;

const NEXT = `select min(next_due_at) as at from routine where enabled and next_due_at is not null`;

const CLAIM = `
  with claimed as (
    update routine r set accounted_until = g.accounted, next_due_at = g.next
      from jsonb_to_recordset($1::text::jsonb) as g(id text, expected timestamptz, accounted timestamptz, next timestamptz)
     where r.id = g.id and r.enabled and r.next_due_at = g.expected
    returning r.id
  ), given as (
    select d.* from jsonb_to_recordset($2::text::jsonb) as d(
      routine_id text, cause text, due_at timestamptz, last_at timestamptz, times integer, state text, reason text, run_id text,
      ready_at timestamptz, patient boolean)
      join claimed on claimed.id = d.routine_id
  ), entered as (
    insert into routine_due (routine_id, due_at, state, reason, run_id, last_at, times)
    select routine_id, due_at, state, reason, run_id, last_at, times from given
    on conflict (routine_id, due_at) do nothing
    returning routine_id, due_at
  ), queued as (
    insert into routine_run
      (id, routine_id, kind, cause, due_at, origins, caused_by, patient, queued_at, ready_at, status, conversation_id)
    select given.run_id, given.routine_id, 'cron', given.cause, given.due_at, '[]', '{}', given.patient, $3::timestamptz,
           given.ready_at, 'queued', 'run-' || given.run_id
      from given join entered using (routine_id, due_at) where given.run_id is not null
    on conflict (id) do nothing
    returning id
  )
  select (select count(*) from queued) as runs, (select count(*) from claimed) as routines`;
