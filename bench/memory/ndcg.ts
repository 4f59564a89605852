/**
 * Normalised discounted cumulative gain of the first so many answers, where an answer is right or not. NaN where no
 * answer is right.
 */
export function ndcg(ranked: readonly string[], right: ReadonlySet<string>, most: number): number {
  const gains = ranked.slice(0, most).map((answer) => (right.has(answer) ? 1 : 0));
  const ideal = Array.from({ length: Math.min(most, right.size) }, () => 1);
  return discounted(gains) / discounted(ideal);
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
