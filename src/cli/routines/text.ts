import { formatUsd } from '../../budget/index.ts';
import type {
  RoutineDetail,
  RoutineDueReply,
  RoutineExplainReply,
  RoutineInfo,
  RoutineRunInfo,
  RoutinesSummaryReply,
} from '../../core/api/routines.ts';
import { localTime } from '../../core/local-time.ts';
import { plainText, table } from '../../repl/index.ts';

/** Times are those of the terminal. */
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const when = (at: string | undefined): string => (at === undefined ? '' : localTime(at, zone()));

/** On one line, however many it had. */
const line = (text: string, most: number): string => plainText(text).replace(/\s+/g, ' ').slice(0, most);

export function routinesText(routines: readonly RoutineInfo[]): string {
  if (routines.length === 0) return 'There are no routines. Make one: ironbark routines create --help';
  return table([
    ['ROUTINE', 'STATE', 'WHEN', 'NEXT', 'LAST', 'RUNS'],
    ...routines.map((one) => [
      line(one.name, 40),
      one.status,
      line(one.trigger_summary, 48),
      when(one.next_fire_at),
      when(one.last_run_at),
      String(one.run_count),
    ]),
  ]);
}

export function routineText(routine: RoutineDetail): string {
  const { guardrails, origins, disabled_reason } = routine;
  return [
    `${line(routine.name, 100)}: ${routine.status}`,
    ...(routine.description === '' ? [] : [line(routine.description, 500)]),
    `when: ${line(routine.trigger_summary, 500)}`,
    `what: ${plainText(routine.action.prompt)}`,
    `while one runs: ${guardrails.run_mode}; missed times: ${guardrails.catch_up}${apart(guardrails.cooldown_secs)}`,
    ...budgetLines(routine),
    ...(disabled_reason === undefined ? [] : [plainText(disabled_reason)]),
    ...(origins.length > 0 ? [`words from: ${origins.map((origin) => line(origin, 200)).join(', ')}`] : []),
    nextText(routine.next_times),
  ].join('\n');
}

function budgetLines({ guardrails, spent_today_usd }: RoutineDetail): readonly string[] {
  const { day_usd } = guardrails;
  if (day_usd === 0 && spent_today_usd === 0) return [];
  const limit = day_usd === 0 ? 'no limit' : `at most ${formatUsd(day_usd * 1e6)} a day`;
  return [`costs: ${formatUsd(spent_today_usd * 1e6)} today, ${limit}`];
}

/** How late starts of the last day were. Nothing where there were none. */
export function latenessText({ runs, ...late }: RoutinesSummaryReply['lateness']): readonly string[] {
  if (runs === 0) return [];
  const { p50_ms, p99_ms, max_ms } = late;
  const starts = runs === 1 ? '1 start' : `${runs} starts`;
  return [
    `Lateness of ${starts} in the last 24 hours: p50 ${seconds(p50_ms)}, p99 ${seconds(p99_ms)}, at most ${seconds(max_ms)}.`,
  ];
}

const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

const apart = (seconds: number): string => (seconds === 0 ? '' : `; at least ${seconds} s apart`);

export function nextText(times: readonly string[]): string {
  if (times.length === 0) return 'next: at no time';
  return [`next (${zone()}):`, ...times.map((at) => `  ${when(at)}`)].join('\n');
}

export const explainText = ({ possible, next_times, remark }: RoutineExplainReply): string =>
  [...(possible ? [nextText(next_times)] : []), ...(remark === undefined ? [] : [plainText(remark)])].join(
    '\n',
  );

export function runsText(runs: readonly RoutineRunInfo[]): string {
  if (runs.length === 0) return 'It has not run yet.';
  return table([
    ['STARTED', 'STATE', 'WHY', 'TOKENS', 'RUN', 'RESULT'],
    ...runs.map((run) => [
      when(run.started_at),
      run.status,
      line(run.cause, 40),
      String(run.tokens_used),
      run.id,
      line(run.result_summary ?? '', 80),
    ]),
  ]);
}

export function dueText(due: RoutineDueReply['due']): string {
  if (due.length === 0) return 'It was never due.';
  return table([
    ['DUE', 'BECAME', 'REASON', 'RUN'],
    ...due.map((one) => [when(one.due_at), one.state, line(one.reason ?? '', 80), one.run_id ?? '']),
  ]);
}
