import type { JsonObject } from '../core/json.ts';
import { changedSteps, type Plan, planHeading, readPlan, type StepStatus, stepText } from '../plan/index.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';

/** The checklist as it scrolls by: all of a new one, later what changed. */
export interface PlanCards {
  requested(callId: string, args: JsonObject): void;
  /** What to print now that the call went well; undefined where it was no plan. */
  completed(callId: string): string | undefined;
}

export function createPlanCards(style: Style): PlanCards {
  const requested = new Map<string, Plan>();
  let current: Plan | undefined;
  return {
    requested(callId, args) {
      const plan = readPlan(args);
      if (plan) requested.set(callId, plan);
    },
    completed(callId) {
      const plan = requested.get(callId);
      requested.delete(callId);
      if (!plan) return undefined;
      const rows = changedSteps(current, plan).map(({ step, at }) =>
        PAINTS[step.status](style, plainText(stepText(step, at))),
      );
      current = plan;
      return [style.bold(plainText(planHeading(plan))), ...rows].map((row) => `  ${row}`).join('\n');
    },
  };
}

const PAINTS: { readonly [status in StepStatus]: (style: Style, text: string) => string } = {
  pending: (_, text) => text,
  active: (style, text) => style.accent(text),
  done: (style, text) => style.good(text),
  failed: (style, text) => style.bad(text),
  skipped: (style, text) => style.dim(text),
};
