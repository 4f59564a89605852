export interface Grounds {
  /**
   * What part of the query the best text has by its words: its score, over what a text would have in which each
   * word of the query stands often. About 0.4 for a question in the words of its answer, 0.15 for one in others.
   */
  readonly coverage: number;
  /** How well the model knows the language of the query, 0 to 1. */
  readonly speaks: number;
  /** Share of chunks that have a vector, 0 to 1. */
  readonly covers: number;
}

/**
 * How much the vectors count, from 0 to 0.75: the more, the less of the query was found word for word, and nothing
 * where the model does not know the query's language. Between 0.65 and 0.85 conversations gain from more, and Cranfield,
 * whose matter the model hardly knows, begins to lose (`bench/memory.ts`).
 */
export function vectorWeight({ coverage, speaks, covers }: Grounds): number {
  const wanted = MOST - Math.min(coverage, MOST);
  return wanted * clamp((speaks - FOREIGN) / (KNOWN - FOREIGN)) * covers;
}

const MOST = 0.75;
/** Of questions in other languages three quarters lie below the first, of English ones nine tenths above the second. */
const FOREIGN = 0.35;
const KNOWN = 0.65;

const clamp = (part: number): number => Math.min(1, Math.max(0, part));
