import type { Origin } from '../core/journal.ts';
import type { NotificationKind } from '../core/notifications.ts';
import type { Routine, RoutineRun } from '../core/routines.ts';
import { notificationStatement } from '../notifications/index.ts';
import type { Database, Statement } from '../storage/index.ts';
import { type UsedUp, usedUpStatement } from './day-budget.ts';
import { fromRoutine } from './ledger.ts';
import { RUN_COLUMNS, type RunRow, runOf } from './row.ts';

/** How a run ended. */
export interface RunEnd {
  readonly status: 'ok' | 'attention' | 'failed' | 'cancelled';
  readonly summary: string;
  /** Whose words, other than the user's, the summary holds. */
  readonly origins: readonly Origin[];
  readonly tokensUsed: number;
  /** Its conversation or job still works and is to be stopped. */
  readonly halting: boolean;
  /** It ended because the budget of its routine covered no further step. */
  readonly usedUp?: UsedUp;
}

export interface Finished {
  readonly run: RoutineRun;
  /** It failed once too often and was switched off. */
  readonly disabled: boolean;
}

const LONGEST_SUMMARY = 4_000;

/**
 * Puts the end of a run on record, with what follows from it for its routine and what the user is told. Undefined where
 * it had ended already.
 *
 * @param events statements that are committed with it
 * @param now milliseconds since the Unix epoch
 */
export async function finishRun(
  database: Database,
  routine: Routine,
  runId: string,
  end: RunEnd,
  events: readonly Statement[],
  now: number,
): Promise<Finished | undefined> {
  const { rows } = await database.query<{ failures: number }>(FAILURES, [routine.id]);
  const failures = end.status === 'failed' ? Number(rows[0]?.failures ?? 0) + 1 : 0;
  const { disableAfter } = routine.guardrails;
  const disabled = disableAfter > 0 && failures >= disableAfter;
  const reason = `It failed ${failures} times in a row, the last time: ${cut(end.summary, 300)}`;
  const { committed, results } = await database.commit([
    {
      sql: END_RUN,
      params: [
        runId,
        end.status,
        new Date(now),
        cut(end.summary, LONGEST_SUMMARY),
        end.tokensUsed,
        end.halting,
      ],
    },
    { sql: COUNT, params: [routine.id, end.status, runId] },
    ...(disabled ? switchOff(routine.id, reason, now) : []),
    ...tellings(routine, runId, end, disabled ? reason : undefined, now),
    ...(end.usedUp ? [usedUpStatement(routine, end.usedUp, now)] : []),
    ...events,
  ]);
  const row = results[0]?.rows.find(isRunRow);
  return committed && row ? { run: runOf(row), disabled } : undefined;
}

const isRunRow = (row: Record<string, unknown>): row is RunRow => typeof row.id === 'string';

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** Takes a routine out of service, with the runs that have not begun. */
export const switchOff = (routineId: string, reason: string | null, now: number): readonly Statement[] => [
  { sql: SWITCH_OFF, params: [routineId, reason, new Date(now)] },
  { sql: DROP_QUEUED, params: [routineId, new Date(now)] },
];

const TOLD: Readonly<Record<RunEnd['status'], NotificationKind | undefined>> = {
  ok: 'routine.ok',
  attention: 'routine.attention',
  failed: 'routine.failed',
  cancelled: undefined,
};

function tellings(
  routine: Routine,
  runId: string,
  end: RunEnd,
  switchedOff: string | undefined,
  now: number,
): readonly Statement[] {
  const { notify, id, conversationId } = routine;
  const from = fromRoutine(routine);
  const kind = TOLD[end.status];
  const isWanted =
    (end.status === 'ok' && notify.onSuccess) ||
    (end.status === 'attention' && notify.onAttention) ||
    (end.status === 'failed' && notify.onFailure);
  const tell = (what: NotificationKind, key: string, text: string): Statement =>
    notificationStatement({ kind: what, key, from, text, conversationId, origins: end.origins }, now);
  return [
    ...(kind && isWanted ? [tell(kind, `routine/${id}/${runId}/${end.status}`, end.summary)] : []),
    ...(switchedOff === undefined
      ? []
      : [tell('routine.disabled', `routine/${id}/${runId}/disabled`, `It was switched off. ${switchedOff}`)]),
  ];
}

const FAILURES = `select consecutive_failures as failures from routine where id = $1::text`;

const END_RUN = `
  update routine_run q
     set status = $2::text, completed_at = $3::timestamptz, summary = $4::text, tokens_used = $5::bigint,
         halting = $6::boolean
   where q.id = $1::text and q.status = 'running'
  returning ${RUN_COLUMNS}`;

/** What ran before trigger and action were as they are now says nothing of them. */
const COUNT = `
  update routine r
     set last_status = $2::text,
         consecutive_failures = case $2::text when 'failed' then consecutive_failures + 1
                                              when 'cancelled' then consecutive_failures else 0 end,
         verified = verified or ($2::text in ('ok', 'attention') and q.started_at >= r.defined_at)
    from routine_run q where r.id = $1::text and q.id = $3::text`;

const SWITCH_OFF = `
  update routine set enabled = false, disabled_reason = $2::text, updated_at = $3::timestamptz, next_due_at = null
   where id = $1::text`;

const DROP_QUEUED = `
  with dropped as (
    update routine_run set status = 'cancelled', completed_at = $2::timestamptz,
           summary = 'Not started: the routine was switched off.'
     where routine_id = $1::text and status = 'queued'
    returning id
  )
  update routine_due d set state = 'skipped', reason = 'The routine was switched off.'
    from dropped where d.run_id = dropped.id and d.state = 'claimed'`;
