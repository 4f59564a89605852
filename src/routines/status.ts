import type { RoutineStatus } from '../core/routines.ts';
import { routineOf } from './row.ts';
import { localTime } from './schedule/explain-schedule.ts';
import { nextTimes, readSchedule } from './schedule/schedule.ts';
import { findZone } from './schedule/zone.ts';
import type { KnownRoutine } from './store.ts';
import { actionWords, triggerWords } from './words.ts';

const SHOWN = 5;

/**
 * What is known of a routine.
 *
 * @param timezone the user's, in which its next times are shown
 */
export function statusOf(row: KnownRoutine, timezone: string, now: number): RoutineStatus {
  return {
    ...routineOf(row),
    triggerSummary: triggerWords(row.trigger),
    actionSummary: actionWords(row.action),
    nextTimes: row.enabled ? comingTimes(row, timezone, now) : [],
    lastRunAt: row.last_run_at?.toISOString() ?? null,
    runCount: row.run_count,
    consecutiveFailures: row.consecutive_failures,
    spentTodayMicroUsd: row.spent_today,
    status: stateOf(row),
    verification: row.verified ? 'verified' : 'unverified',
    disabledReason: row.enabled ? null : row.disabled_reason,
  };
}

function stateOf(row: KnownRoutine): RoutineStatus['status'] {
  if (row.running) return 'running';
  if (!row.enabled) return 'disabled';
  if (row.consecutive_failures > 0) return 'failing';
  if (!row.verified) return 'unverified';
  return row.last_status === 'attention' ? 'attention' : 'active';
}

/** What the ledger has accounted for already does not come again, whatever the clock says. */
function comingTimes(
  { trigger, next_due_at }: KnownRoutine,
  timezone: string,
  now: number,
): readonly string[] {
  if (trigger.kind !== 'cron') return [];
  const schedule = readSchedule(trigger.schedule, trigger.timezone);
  if (!schedule.ok) return [];
  const zone = findZone(timezone);
  const { spanAt } = zone.ok ? zone.value : schedule.value.zone;
  const from = Math.max(now, (next_due_at?.getTime() ?? now + 1) - 1);
  return nextTimes(schedule.value, from, SHOWN).map((at) => localTime(at, spanAt(at).offset));
}
