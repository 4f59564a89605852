/** A term as the text index knows it. */
export interface Weighted {
  readonly term: string;
  readonly weight: number;
}

export interface FeedbackChunk {
  readonly score: number;
  /** Terms in it, those that occur again counted again. */
  readonly length: number;
  readonly terms: readonly { readonly term: string; readonly count: number; readonly idf: number }[];
}

/** How many of the best chunks are taken to be about what was asked. */
export const FEEDBACK_CHUNKS = 5;
const FEEDBACK_TERMS = 20;
const FEEDBACK_WEIGHT = 0.4;

/**
 * The query with what its best hits have in common (RM3 of Abdul-Jaleel et al., 2004, with idf in the choice of terms).
 * The figures are the middle of a flat top: 5 to 10 chunks, 20 to 30 terms and a weight of 0.3 to 0.5 differ by less than
 * half a point on either half of Cranfield's questions; fewer terms than 20 help less.
 */
export function expanded(query: readonly Weighted[], best: readonly FeedbackChunk[]): readonly Weighted[] {
  const common = commonTerms(best);
  const weights = new Map<string, number>();
  const add = (terms: readonly Weighted[], part: number): void => {
    const all = terms.reduce((sum, { weight }) => sum + weight, 0);
    for (const { term, weight } of terms) weights.set(term, (weights.get(term) ?? 0) + (part * weight) / all);
  };
  add(query, common.length === 0 ? 1 : 1 - FEEDBACK_WEIGHT);
  add(common, FEEDBACK_WEIGHT);
  return [...weights].map(([term, weight]) => ({ term, weight }));
}

function commonTerms(best: readonly FeedbackChunk[]): readonly Weighted[] {
  const all = best.reduce((sum, { score }) => sum + score, 0);
  const weights = new Map<string, number>();
  for (const { score, length, terms } of best) {
    for (const { term, count, idf } of terms) {
      weights.set(term, (weights.get(term) ?? 0) + ((score / all) * count * idf) / length);
    }
  }
  const ranked = [...weights].sort(([, a], [, b]) => b - a);
  return ranked.slice(0, FEEDBACK_TERMS).map(([term, weight]) => ({ term, weight }));
}
