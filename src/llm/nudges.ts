import type { NudgeReason } from '../core/journal.ts';

/** What the model is told for each reason. It reads it as words of Ironbark, not of the user. */
export const NUDGES: Readonly<Record<NudgeReason, string>> = {
  announced:
    'You said what you would do, but made no tool call. If something is left to do, make the call now. If not, give the answer.',
  'cut-off':
    'Your tool calls were cut off at the output limit and were not run. Make them again, with less in each: write long content in parts.',
  repeating:
    'You have made this same call several times with the same result. It will not change. Try another way, or say what keeps you from going on.',
  'limit-near': 'Few steps are left in this turn. Do what matters most now, then answer.',
  'limit-reached':
    'The limit of this turn is reached and no more tools can be called. Say what is done, what is left, and what you found out.',
  'no-progress':
    'The same call kept giving the same result, so no more tools can be called in this turn. Say what you tried, what you know, and what you would need.',
};
