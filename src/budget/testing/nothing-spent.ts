import type { BudgetReport } from '../../core/budget.ts';

const NOTHING = { limitMicroUsd: null, addedMicroUsd: 0, spentMicroUsd: 0, reservedMicroUsd: 0 };

export const NOTHING_SPENT: BudgetReport = {
  today: { ...NOTHING, period: '2026-11-21' },
  month: { ...NOTHING, period: '2026-11' },
  limits: { conversationMicroUsd: null, turnMicroUsd: null, agentMicroUsd: null },
  models: [],
  conversations: [],
};
