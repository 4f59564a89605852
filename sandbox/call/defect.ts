import type { Refusal } from '../../machines/refusal.ts';

/** What is said of a defect of ours. What was thrown may hold anything, and goes to the log only. */
export const DEFECT: Refusal = {
  rule: 'internal',
  message: 'The sandbox stopped this on a defect of its own. The log has the details.',
};
