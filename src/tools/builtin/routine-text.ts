import { formatUsd } from '../../budget/index.ts';
import { localTime } from '../../core/local-time.ts';
import type { RoutineRun, RoutineStatus } from '../../core/routines.ts';

/** What a routine is and when it runs next, in a few lines. */
export function routineText(routine: RoutineStatus, timezone: string): string {
  const { name, enabled, triggerSummary, actionSummary, guardrails } = routine;
  const next = routine.nextTimes.slice(0, 5).map((at) => localTime(at, timezone));
  return [
    `"${name}": ${triggerSummary}. ${actionSummary}`,
    ...(guardrails.dayMicroUsd > 0 ? [`It may cost ${formatUsd(guardrails.dayMicroUsd)} a day.`] : []),
    ...(next.length > 0 ? [`Next (${timezone}): ${next.join(', ')}.`] : []),
    ...(enabled ? [] : [routine.disabledReason ?? 'It is off.']),
  ].join('\n');
}

export function routineLine(routine: RoutineStatus, timezone: string): string {
  const { name, status, triggerSummary, runCount, lastRunAt, nextTimes, consecutiveFailures } = routine;
  const [next] = nextTimes;
  return [
    `${name}: ${status}; ${triggerSummary}`,
    ...(next === undefined ? [] : [`next ${localTime(next, timezone)}`]),
    ...(lastRunAt === null ? ['never ran'] : [`${runCount} runs, last ${localTime(lastRunAt, timezone)}`]),
    ...(consecutiveFailures > 0 ? [`failed ${consecutiveFailures} times in a row`] : []),
  ].join('; ');
}

export function runLine(run: RoutineRun, timezone: string): string {
  const { startedAt, status, cause, summary, id } = run;
  const said = summary === null ? '' : `: ${summary.replace(/\s+/g, ' ').slice(0, 300)}`;
  return `${localTime(startedAt, timezone)} ${status} (${cause}, run ${id})${said}`;
}
