import type { AgentSettings } from '../../actors/environment.ts';
import { budgetLimits, type createBudgets } from '../budget/index.ts';
import type { Config } from '../config/index.ts';
import { parseClockTime, parseDailySpan } from '../core/clock-times.ts';
import type { LlmConfig } from '../llm/index.ts';
import type { WorkSettings } from '../work/index.ts';

/** The configuration as it counts at each moment. */
export interface LiveConfig {
  current: Config;
}

/** Settings whose change counts at once; the rest is read once, when the assistant starts. */
export const LIVE_SETTINGS: ReadonlySet<string> = new Set([
  'agent.max_iterations',
  'agent.max_turn_minutes',
  'agent.max_turn_tokens',
  'agent.session_idle_minutes',
  'agent.while_busy',
  'budget.agent_usd',
  'budget.conversation_usd',
  'budget.day_usd',
  'budget.month_usd',
  'budget.turn_usd',
  'heartbeat.daily_at',
  'heartbeat.enabled',
  'heartbeat.every_minutes',
  'heartbeat.quiet_hours',
  'hygiene.conversation_days',
  'hygiene.daily_log_days',
  'hygiene.enabled',
  'hygiene.record_days',
  'hygiene.work_days',
  'llm.base_url',
  'llm.cheap_model',
  'llm.fallback',
  'llm.model',
  'llm.provider',
  'llm.thinking',
  'log.level',
  'notify.digest_at',
  'notify.gather_seconds',
  'notify.quiet_hours',
  'notify.rules',
  'repair.after_failures',
  'repair.enabled',
  'repair.max_attempts',
  'routines.late_after_seconds',
  'routines.max_concurrent',
  'sandbox.acp_agents',
  'sandbox.claude_model',
  'sandbox.claude_turns',
  'sandbox.credentials',
  'sandbox.domains',
  'sandbox.extra_domains',
  'sandbox.upload_limit_mb',
  'user.locale',
  'user.name',
  'user.timezone',
  'work.max_parallel_jobs',
  'work.max_parallel_jobs_per_user',
  'work.max_repairs',
  'work.stuck_after_seconds',
]);

/** What actors are set to. Read anew with each look, as far as that can change while they run. */
export function agentSettings(live: LiveConfig): AgentSettings {
  const { memory, sandbox, watchdog } = live.current;
  return {
    get turn() {
      const { agent } = live.current;
      return {
        iterations: agent.max_iterations,
        tokens: agent.max_turn_tokens,
        workMs: agent.max_turn_minutes * 60_000,
      };
    },
    get sessionIdleMs() {
      return live.current.agent.session_idle_minutes * 60_000;
    },
    get whileBusy() {
      return live.current.agent.while_busy;
    },
    get timezone() {
      return live.current.user.timezone;
    },
    get notify() {
      const { quiet_hours, digest_at, gather_seconds, rules } = live.current.notify;
      const quiet = quiet_hours && parseDailySpan(quiet_hours);
      return {
        rules,
        digestAt: parseClockTime(digest_at) ?? 0,
        gatherMs: gather_seconds * 1000,
        ...(quiet && { quiet }),
      };
    },
    get heartbeat() {
      const { enabled, every_minutes, daily_at, quiet_hours } = live.current.heartbeat;
      const dailyAt = daily_at === undefined ? undefined : parseClockTime(daily_at);
      const quiet = quiet_hours && parseDailySpan(quiet_hours);
      return {
        enabled,
        everyMs: every_minutes * 60_000,
        ...(dailyAt !== undefined && { dailyAt }),
        ...(quiet && { quiet }),
      };
    },
    get hygiene() {
      const { enabled, ...days } = live.current.hygiene;
      return {
        enabled,
        dailyLogDays: days.daily_log_days,
        conversationDays: days.conversation_days,
        workDays: days.work_days,
        recordDays: days.record_days,
      };
    },
    get repair() {
      const { enabled, after_failures, max_attempts } = live.current.repair;
      return { enabled, afterFailures: after_failures, maxAttempts: max_attempts };
    },
    get work() {
      return workSettings(live.current);
    },
    get routines() {
      const { max_concurrent, late_after_seconds } = live.current.routines;
      return { maxConcurrent: max_concurrent, lateAfterMs: late_after_seconds * 1000 };
    },
    hungAfterMs: watchdog.hung_after_seconds * 1000,
    consolidate: memory.consolidate,
    ...(sandbox.orchestrator_port !== undefined && { orchestratorPort: sandbox.orchestrator_port }),
    ...(memory.episodes && { episodes: { afterMs: memory.episode_after_minutes * 60_000 } }),
  };
}

const workSettings = ({ work, agent }: Config): WorkSettings => ({
  maxParallel: work.max_parallel_jobs,
  maxParallelPerUser: work.max_parallel_jobs_per_user,
  stuckAfterMs: work.stuck_after_seconds * 1000,
  maxRepairs: work.max_repairs,
  toolTimeoutMs: agent.tool_timeout_seconds * 1000,
});

type BudgetOptions = Parameters<typeof createBudgets>[0];

export const budgetOptions = (
  live: LiveConfig,
  parts: Omit<BudgetOptions, 'limits' | 'timezone'>,
): BudgetOptions => ({
  ...parts,
  get limits() {
    return budgetLimits(live.current.budget);
  },
  get timezone() {
    return live.current.user.timezone;
  },
});

export const llmSettings = (live: LiveConfig): LlmConfig => ({
  get provider() {
    return live.current.llm.provider;
  },
  get model() {
    return live.current.llm.model;
  },
  get base_url() {
    return live.current.llm.base_url;
  },
  get api_key() {
    return live.current.llm.api_key;
  },
  get fallback() {
    return live.current.llm.fallback;
  },
  get cheap_model() {
    return live.current.llm.cheap_model;
  },
  get thinking() {
    return live.current.llm.thinking;
  },
});
