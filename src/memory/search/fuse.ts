/** By chunk; higher is better, and 0 says nothing. */
export type Scores = ReadonlyMap<number, number>;

/** Which of two lists of scores counts, or how they are made one. */
export type Fusion = 'convex' | 'rrf' | 'text' | 'vectors';

interface Lists {
  readonly text: Scores;
  readonly vectors: Scores;
  /** How much the vectors count in a convex sum, 0 to 1. */
  readonly weight: number;
}

/** One score for each chunk, 0 to 1. */
export function fuse({ text, vectors, weight }: Lists, fusion: Fusion): Scores {
  switch (fusion) {
    case 'text':
      return scaled(text);
    case 'vectors':
      return scaled(vectors);
    case 'rrf':
      return scaled(byRank(text, vectors));
    case 'convex':
      return convex(scaled(text), scaled(vectors), weight);
  }
}

/**
 * In parts of the best one. Zero stays zero rather than becoming the worst one's: where all lie close together, as the
 * vectors of texts on one matter do, they then tell next to nothing apart and leave it to the other list. Bruch et al.,
 * "An Analysis of Fusion Functions for Hybrid Retrieval" (2023), find the same for other collections.
 */
function scaled(scores: Scores): Scores {
  let best = 0;
  for (const score of scores.values()) best = Math.max(best, score);
  if (best === 0) return new Map();
  return new Map([...scores].map(([id, score]) => [id, Math.max(0, score) / best]));
}

function convex(text: Scores, vectors: Scores, weight: number): Scores {
  const fused = new Map<number, number>();
  for (const [id, score] of text) fused.set(id, (1 - weight) * score);
  for (const [id, score] of vectors) fused.set(id, (fused.get(id) ?? 0) + weight * score);
  return fused;
}

/** Reciprocal rank fusion; 60 is that of Cormack et al. (2009). */
function byRank(...lists: readonly Scores[]): Scores {
  const fused = new Map<number, number>();
  for (const list of lists) {
    const ranked = [...list].sort(([, a], [, b]) => b - a);
    for (const [rank, [id]] of ranked.entries()) fused.set(id, (fused.get(id) ?? 0) + 1 / (61 + rank));
  }
  return fused;
}
