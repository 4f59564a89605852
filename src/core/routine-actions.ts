import type { RoutineAction } from './routines.ts';
import type { JobLimits } from './work.ts';

type Of<K extends RoutineAction['kind']> = Extract<RoutineAction, { kind: K }>;

/** What a lightweight run is given where nobody says more. */
export const LIGHTWEIGHT: Omit<Of<'lightweight'>, 'kind' | 'prompt'> = {
  contextPaths: [],
  maxTokens: 4_096,
  useTools: true,
  maxToolRounds: 3,
};

export const MAX_TOOL_ROUNDS = 20;

/** What a job of a routine may use up where nobody says more. */
export const FULL_JOB_LIMITS: JobLimits = {
  iterations: 25,
  tokens: null,
  budgetMicroUsd: null,
  minutes: null,
};

/** The words that a routine gives the model. */
export const promptOf = (action: RoutineAction): string =>
  action.kind === 'lightweight' ? action.prompt : action.description;

/** What can be the last part of a webhook's address. */
export const WEBHOOK_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
