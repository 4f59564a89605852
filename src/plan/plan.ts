import { z } from 'zod';

/** A checklist that the assistant works along. */
export interface Plan {
  readonly title: string;
  readonly status: PlanStatus;
  readonly steps: readonly PlanStep[];
}

export interface PlanStep {
  readonly title: string;
  readonly status: StepStatus;
  /** What came of it, in a few words. */
  readonly result?: string;
}

export type PlanStatus = (typeof PLAN_STATUSES)[number];
export type StepStatus = (typeof STEP_STATUSES)[number];

const PLAN_STATUSES = ['draft', 'executing', 'completed', 'failed'] as const;
const STEP_STATUSES = ['pending', 'active', 'done', 'failed', 'skipped'] as const;

/** A plan that is longer is no overview. */
const MAX_STEPS = 50;
const MAX_TITLE = 200;
const MAX_RESULT = 500;

/** Other words that models use for the same. */
const PLAN_SYNONYMS: Readonly<Record<string, PlanStatus>> = {
  proposed: 'draft',
  complete: 'completed',
  done: 'completed',
};
const STEP_SYNONYMS: Readonly<Record<string, StepStatus>> = {
  in_progress: 'active',
  'in-progress': 'active',
  executing: 'active',
  completed: 'done',
  complete: 'done',
  todo: 'pending',
};

const words = (most: number) => z.string().transform((text) => oneLine(text, most));

const step = z.preprocess(
  (value) => (typeof value === 'string' ? { title: value } : value),
  z.object({
    title: words(MAX_TITLE),
    status: z
      .preprocess((value) => statusOf(value, STEP_STATUSES, STEP_SYNONYMS, 'pending'), z.enum(STEP_STATUSES))
      .optional(),
    result: z.preprocess((value) => value ?? undefined, words(MAX_RESULT).optional()),
  }),
);

/** A plan as models write it, bent towards what they mean: other words, missing parts and too much of it are taken. */
export const planSchema = z.object({
  title: words(MAX_TITLE),
  status: z
    .preprocess((value) => statusOf(value, PLAN_STATUSES, PLAN_SYNONYMS, 'executing'), z.enum(PLAN_STATUSES))
    .optional(),
  steps: z.preprocess((value) => listOf(value).slice(0, MAX_STEPS), z.array(step).min(1)),
});

/** The plan that arguments of this shape describe. */
export function planFrom({ title, status = 'executing', steps }: z.output<typeof planSchema>): Plan {
  return { title: title || 'Plan', status, steps: steps.map(stepFrom) };
}

function stepFrom({ title, status = 'pending', result }: z.output<typeof step>): PlanStep {
  return { title, status, ...(result && { result }) };
}

/** Whether there is nothing left to do about it. */
export const isOver = ({ status }: Plan): boolean => status === 'completed' || status === 'failed';

function statusOf<S extends string>(
  value: unknown,
  known: readonly S[],
  synonyms: Readonly<Record<string, S>>,
  otherwise: S,
): S {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return known.find((status) => status === word) ?? synonyms[word] ?? otherwise;
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return value.split('\n').filter((line) => line.trim() !== '');
  }
}

/** Nothing in a step can look like another step. */
function oneLine(text: string, most: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line;
}
