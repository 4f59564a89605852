import type { Json, JsonObject } from '../../../src/core/json.ts';

export interface Plan {
  readonly title: string;
  readonly steps: readonly PlanStep[];
}

export interface PlanStep {
  readonly title: string;
  readonly status: StepStatus;
  readonly result: string;
}

export type StepStatus = 'pending' | 'active' | 'done' | 'failed' | 'skipped';

/** Words of models for the same, as `src/plan/plan.ts` has them. */
const STATUSES: Readonly<Record<string, StepStatus>> = {
  pending: 'pending',
  active: 'active',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  in_progress: 'active',
  'in-progress': 'active',
  executing: 'active',
  completed: 'done',
  complete: 'done',
};

/** The arguments of a `plan_update` as a checklist; undefined where they are none. */
export function readPlan({ title, steps }: JsonObject): Plan | undefined {
  if (typeof title !== 'string' || !Array.isArray(steps)) return undefined;
  return { title, steps: steps.map(readStep) };
}

function readStep(step: Json): PlanStep {
  if (!isObject(step)) return { title: String(step), status: 'pending', result: '' };
  const { title, status, result } = step;
  return {
    title: typeof title === 'string' ? title : '',
    status: (typeof status === 'string' && STATUSES[status]) || 'pending',
    result: typeof result === 'string' ? result : '',
  };
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
