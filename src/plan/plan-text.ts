import type { Plan, PlanStep, StepStatus } from './plan.ts';

const MARKS: { readonly [status in StepStatus]: string } = {
  pending: '[ ]',
  active: '[>]',
  done: '[x]',
  failed: '[!]',
  skipped: '[-]',
};

/** The checklist as plain text, one line a step, each with its number. */
export function planText(plan: Plan): string {
  return [planHeading(plan), ...plan.steps.map(stepText)].join('\n');
}

/** `Move house (2 of 5 done)`. */
export function planHeading({ title, status, steps }: Plan): string {
  const done = steps.filter((step) => step.status === 'done').length;
  if (status === 'draft') return `${title} (a draft of ${steps.length} steps)`;
  const end = status === 'executing' ? '' : `, ${status}`;
  return `${title} (${done} of ${steps.length} done${end})`;
}

/** @param at place in the plan, from 0 */
export function stepText({ title, status, result }: PlanStep, at: number): string {
  return `${MARKS[status]} ${at + 1}. ${title}${result === undefined ? '' : `: ${result}`}`;
}

/** The steps that are not as they were, with their places; all of them where it is another plan. */
export function changedSteps(
  before: Plan | undefined,
  now: Plan,
): readonly { readonly step: PlanStep; readonly at: number }[] {
  const isNew = before?.title !== now.title || before.steps.length === 0;
  return now.steps
    .map((step, at) => ({ step, at }))
    .filter(({ step, at }) => isNew || !isSame(before?.steps[at], step));
}

const isSame = (before: PlanStep | undefined, now: PlanStep): boolean =>
  before?.title === now.title && before.status === now.status && before.result === now.result;
