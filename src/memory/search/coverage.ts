import { MOST_OF_A_TERM, type QueryTerm } from './text.ts';

/**
 * What part of a query the best text has by its words, 0 to 1: its score, over what a text would have in which each
 * term stands often.
 */
export function coverageOf(terms: readonly QueryTerm[], bestScore: number): number {
  const most = terms.reduce((sum, { weight, idf }) => sum + weight * idf, 0);
  return most > 0 ? Math.min(1, bestScore / (MOST_OF_A_TERM * most)) : 0;
}
