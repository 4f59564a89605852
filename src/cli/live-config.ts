import type { AgentSettings } from '../../actors/environment.ts';
import { budgetLimits, type createBudgets } from '../budget/index.ts';
import type { Config } from '../config/index.ts';
import type { LlmConfig } from '../llm/index.ts';

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
  'llm.base_url',
  'llm.cheap_model',
  'llm.fallback',
  'llm.model',
  'llm.provider',
  'llm.thinking',
  'log.level',
  'user.locale',
  'user.name',
  'user.timezone',
]);

/** What actors are set to. Read anew with each look, as far as that can change while they run. */
export function agentSettings(live: LiveConfig): AgentSettings {
  const { memory, watchdog } = live.current;
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
    hungAfterMs: watchdog.hung_after_seconds * 1000,
    consolidate: memory.consolidate,
    ...(memory.episodes && { episodes: { afterMs: memory.episode_after_minutes * 60_000 } }),
  };
}

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
