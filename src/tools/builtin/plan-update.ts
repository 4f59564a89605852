import { PLAN_TOOL, planFrom, planHeading, planSchema, planText } from '../../plan/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

/**
 * A checklist in the conversation's journal. It does nothing to the world and asks nobody; only where the user wants a
 * plan before anything is done, the policy makes its call the question.
 */
export function planUpdateTool(): Tool {
  return defineTool({
    name: PLAN_TOOL,
    description:
      'Show the user a checklist of a longer task. Give all steps, at first and whenever one changes.',
    schema: planSchema,
    // Not pure, so that two calls of one answer keep their order.
    effect: 'idempotent',
    approval: 'never',
    powers: [],
    proposesPlan: true,
    summary: (args) => planText(planFrom(args)),
    run(args, { planning }) {
      const plan = planFrom(args);
      const noted = `Noted: ${planHeading(plan)}.`;
      return { ok: true, content: planning === 'approved' && plan.status === 'draft' ? APPROVED : noted };
    },
  });
}

const APPROVED =
  'The plan stands. Carry it out, step by step, and call this again with status executing when a step is done.';
