import type {
  RoutineActionShape,
  RoutineDetail,
  RoutineDueReply,
  RoutineInfo,
  RoutineRunInfo,
  RoutinesSummaryReply,
  RoutineTriggerShape,
} from '../../../core/api/routines.ts';
import type {
  DueTime,
  RoutineAction,
  RoutineCounts,
  RoutineRun,
  RoutineStatus,
  RoutineTrigger,
} from '../../../core/routines.ts';

export function toInfo(routine: RoutineStatus): RoutineInfo {
  const [next] = routine.nextTimes;
  return {
    id: routine.id,
    name: routine.name,
    description: routine.description,
    enabled: routine.enabled,
    trigger_type: routine.trigger.kind,
    trigger_raw: rawOf(routine.trigger),
    trigger_summary: routine.triggerSummary,
    action_type: routine.action.kind,
    action_summary: routine.actionSummary,
    ...(routine.lastRunAt !== null && { last_run_at: routine.lastRunAt }),
    ...(next !== undefined && { next_fire_at: inUtc(next) }),
    run_count: routine.runCount,
    consecutive_failures: routine.consecutiveFailures,
    status: routine.status,
    verification_status: routine.verification,
    ...(routine.disabledReason !== null && { disabled_reason: routine.disabledReason }),
  };
}

export function toDetail(routine: RoutineStatus): RoutineDetail {
  const { guardrails, notify, conversationId } = routine;
  return {
    ...toInfo(routine),
    trigger: toTrigger(routine.trigger),
    action: toAction(routine.action),
    guardrails: {
      cooldown_secs: guardrails.cooldownSeconds,
      run_mode: guardrails.runMode,
      max_concurrent: guardrails.maxConcurrent,
      dedup_secs: guardrails.dedupSeconds,
      catch_up: guardrails.catchUp,
      jitter_secs: guardrails.jitterSeconds,
      disable_after: guardrails.disableAfter,
      timeout_minutes: guardrails.timeoutMinutes,
      day_usd: guardrails.dayMicroUsd / 1e6,
    },
    notify: {
      on_success: notify.onSuccess,
      on_attention: notify.onAttention,
      on_failure: notify.onFailure,
    },
    next_times: routine.nextTimes.map(inUtc),
    spent_today_usd: routine.spentTodayMicroUsd / 1e6,
    by: routine.by,
    origins: routine.origins,
    ...(conversationId !== null && { thread_id: conversationId }),
    created_at: routine.createdAt,
    updated_at: routine.updatedAt,
  };
}

export function toRun(run: RoutineRun): RoutineRunInfo {
  return {
    id: run.id,
    trigger_type: run.trigger,
    cause: run.cause,
    ...(run.dueAt !== null && { due_at: run.dueAt }),
    started_at: run.startedAt,
    ...(run.completedAt !== null && { completed_at: run.completedAt }),
    status: run.status,
    ...(run.summary !== null && { result_summary: run.summary }),
    tokens_used: run.tokensUsed,
    ...(run.jobId !== null && { job_id: run.jobId }),
    ...(run.conversationId !== null && { thread_id: run.conversationId }),
    ...(run.lateMs !== null && { late_ms: run.lateMs }),
  };
}

export const toSummary = ({ runsToday, lateness, ...counts }: RoutineCounts): RoutinesSummaryReply => ({
  ...counts,
  runs_today: runsToday,
  lateness: {
    runs: lateness.runs,
    p50_ms: lateness.p50Ms,
    p99_ms: lateness.p99Ms,
    max_ms: lateness.maxMs,
    alarm_ms: lateness.alarmMs,
  },
});

export const toDue = ({ dueAt, state, reason, runId }: DueTime): RoutineDueReply['due'][number] => ({
  due_at: dueAt,
  state,
  ...(reason !== null && { reason }),
  ...(runId !== null && { run_id: runId }),
});

/** Times of a schedule come with the offset of their zone. */
export const inUtc = (at: string): string => new Date(at).toISOString();

function rawOf(trigger: RoutineTrigger): string {
  switch (trigger.kind) {
    case 'cron':
      return trigger.schedule;
    case 'event':
      return trigger.pattern;
    case 'system_event':
      return `${trigger.source} ${trigger.eventType}`;
    case 'webhook':
      return trigger.path;
    case 'manual':
      return '';
  }
}

function toTrigger(trigger: RoutineTrigger): RoutineTriggerShape {
  if (trigger.kind !== 'system_event') return trigger;
  const { kind, source, eventType, filters } = trigger;
  return { kind, source, event_type: eventType, filters };
}

function toAction(action: RoutineAction): RoutineActionShape {
  if (action.kind === 'full_job') {
    const { kind, title, description, limits, tools } = action;
    return { kind, prompt: description, title, max_iterations: limits.iterations, tools };
  }
  return {
    kind: action.kind,
    prompt: action.prompt,
    context_paths: action.contextPaths,
    max_tokens: action.maxTokens,
    use_tools: action.useTools,
    max_tool_rounds: action.maxToolRounds,
  };
}
