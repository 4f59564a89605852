/**
 * What a sentence was read as, and how sure that is, from 0 to 1. `none`: it only states something. `chat`: it wants a
 * friendly word and nothing else.
 */
export interface Reading {
  readonly kind: 'task' | 'query' | 'chat' | 'none';
  readonly confidence: number;
}

export const NOTHING: Reading = { kind: 'none', confidence: 0 };
export const task = (confidence: number): Reading => ({ kind: 'task', confidence });
export const query = (confidence: number): Reading => ({ kind: 'query', confidence });

/** How sure the rules are of what they see. Set by hand on `bench/router/tuning.jsonl`. */
export const SURE = 0.95;
export const LIKELY = 0.8;
export const MAYBE = 0.6;
