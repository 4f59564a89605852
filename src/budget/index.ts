export { budgetText } from './budget-text.ts';
export { type Budgets, createBudgets } from './budgets.ts';
export { budgetLimits } from './limits.ts';
export type { Payer } from './payer.ts';
export { describeStop } from './stop.ts';
