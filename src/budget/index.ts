export { allowanceChanged, allowStatement } from './allowance.ts';
export { budgetText } from './budget-text.ts';
export { type Budgets, createBudgets } from './budgets.ts';
export { budgetLimits, microUsdOf } from './limits.ts';
export type { Payer } from './payer.ts';
export { periodsAt } from './period.ts';
export { routineBudget } from './scope-name.ts';
export { describeStop } from './stop.ts';
export { formatUsd } from './usd.ts';
