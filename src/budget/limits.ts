/** What may be spent, in millionths of a US dollar; 0: no limit. */
export interface BudgetLimits {
  readonly dayMicroUsd: number;
  readonly monthMicroUsd: number;
  readonly conversationMicroUsd: number;
  readonly turnMicroUsd: number;
  /** Of one agent, where its order allows no less. */
  readonly agentMicroUsd: number;
}

/** The section `[budget]` of the configuration: US dollars, 0: no limit. */
export interface BudgetSettings {
  readonly day_usd: number;
  readonly month_usd: number;
  readonly conversation_usd: number;
  readonly turn_usd: number;
  readonly agent_usd: number;
}

export function budgetLimits(settings: BudgetSettings): BudgetLimits {
  return {
    dayMicroUsd: microUsdOf(settings.day_usd),
    monthMicroUsd: microUsdOf(settings.month_usd),
    conversationMicroUsd: microUsdOf(settings.conversation_usd),
    turnMicroUsd: microUsdOf(settings.turn_usd),
    agentMicroUsd: microUsdOf(settings.agent_usd),
  };
}

/** A limit too small to be counted is still a limit. 0: none. */
export const microUsdOf = (usd: number): number => (usd > 0 ? Math.max(1, Math.round(usd * 1e6)) : 0);
