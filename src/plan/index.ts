export {
  isOver,
  type Plan,
  type PlanStatus,
  type PlanStep,
  planFrom,
  planSchema,
  type StepStatus,
} from './plan.ts';
export { PLAN_TOOL, planOf, readPlan } from './plan-of.ts';
export { changedSteps, planHeading, planText, stepText } from './plan-text.ts';
