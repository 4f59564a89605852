import { readPrompt } from './prompts/read-prompt.ts';

/** For a turn in which nothing is done before a plan is approved. */
export const PLANNING_PROMPT = readPrompt('planning.md');

const AGENT = readPrompt('agent.md');

/** @param steps that it may take */
export const agentPrompt = (steps: number): string => AGENT.replaceAll('{{steps}}', String(steps));
