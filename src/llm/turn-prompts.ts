import type { Aside } from '../core/journal.ts';
import { readPrompt } from './prompts/read-prompt.ts';

/** For a turn in which nothing is done before a plan is approved. */
export const PLANNING_PROMPT = readPrompt('planning.md');

const AGENT = readPrompt('agent.md');

/** @param steps that it may take */
export const agentPrompt = (steps: number): string => AGENT.replaceAll('{{steps}}', String(steps));

const INSTRUCTIONS = readPrompt('instructions.md');
const EARLIER = readPrompt('earlier.md');

/** What a program tells the model along with the user's message, in one text for each part of it. */
export const asidePrompts = ({ instructions, earlier }: Aside): readonly string[] => [
  ...(instructions ? [filled(INSTRUCTIONS, instructions)] : []),
  ...(earlier ? [filled(EARLIER, earlier)] : []),
];

/** With a function, because a text may hold `$&`. */
const filled = (prompt: string, text: string): string => prompt.replace('{{text}}', () => text);
