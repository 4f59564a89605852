import type { Model } from '../model.ts';
import { tokenFactor } from '../tokens/family.ts';

/** What one request to a model may hold, in tokens as o200k counts them. */
export interface PromptWindow {
  /** System prompt, descriptions of tools and messages together, beside the answer. */
  readonly tokens: number;
  /** Of them: how many are used before something has to be summed up. Counts are not exact, and servers add to them. */
  readonly usable: number;
}

/** Of the window: what is kept free for the answer, at most. */
const ANSWER_SHARE = 0.25;
const USABLE_SHARE = 0.85;

export function promptWindow({ name, limits }: Pick<Model, 'name' | 'limits'>): PromptWindow {
  const answer = Math.min(limits.outputTokens, limits.contextTokens * ANSWER_SHARE);
  const tokens = Math.floor((limits.contextTokens - answer) / tokenFactor(name));
  return { tokens, usable: Math.floor(tokens * USABLE_SHARE) };
}
