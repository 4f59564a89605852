/** What models have cost and may cost. Amounts are millionths of a US dollar, days and months the user's own. */
export interface BudgetReport {
  readonly today: BudgetState;
  readonly month: BudgetState;
  /** What one of each may cost; null: as much as it takes. */
  readonly limits: {
    readonly conversationMicroUsd: number | null;
    readonly turnMicroUsd: number | null;
    readonly agentMicroUsd: number | null;
  };
  /** Dearest of this month first. */
  readonly models: readonly ModelSpending[];
  /** Those that spent something, the latest first. */
  readonly conversations: readonly ConversationSpending[];
}

/** What was spent in the last so many days of the user's. */
export interface SpendingHistory {
  /** IANA. */
  readonly timezone: string;
  /** Oldest first, also those on which nothing was spent. */
  readonly days: readonly DaySpending[];
  /** Dearest first. */
  readonly models: readonly (Spending & { readonly model: string })[];
  /** Dearest first; 50 at most. */
  readonly conversations: readonly (Spending & {
    readonly conversationId: string;
    readonly title: string | null;
    /** ISO 8601. */
    readonly lastPaidAt: string;
  })[];
}

export interface Spending {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly spentMicroUsd: number;
}

export interface DaySpending extends Spending {
  /** `2026-11-21` */
  readonly day: string;
}

/** One budget in its period. */
export interface BudgetState {
  /** `2026-11-21` or `2026-11`. */
  readonly period: string;
  /** With what the user added; null: none. */
  readonly limitMicroUsd: number | null;
  readonly addedMicroUsd: number;
  readonly spentMicroUsd: number;
  /** The most that calls may cost which run now, or never ended. */
  readonly reservedMicroUsd: number;
}

export interface ModelSpending {
  readonly model: string;
  /** Of this month, as are the tokens. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly todayMicroUsd: number;
  readonly monthMicroUsd: number;
}

export interface ConversationSpending {
  readonly conversationId: string;
  readonly title: string | null;
  readonly spentMicroUsd: number;
  readonly reservedMicroUsd: number;
  /** ISO 8601. */
  readonly lastPaidAt: string;
}
