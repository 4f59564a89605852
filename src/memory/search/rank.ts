import type { Queryable } from '../../storage/index.ts';
import type { Scores } from './fuse.ts';
import { withNeighbours } from './neighbours.ts';
import { type ChunkPlace, placesOf } from './places.ts';
import { faded } from './recency.ts';

export type Ranked = ChunkPlace & { readonly score: number };

interface RankOptions {
  readonly recency?: number;
  readonly neighbours?: boolean;
  readonly perDocument?: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** More than these are not looked at: what they lean on is among them, or weak. */
const MOST = 120;

/** Where the chunks stand that were found, best first. */
export async function rankedPlaces(
  database: Queryable,
  scores: Scores,
  { recency, neighbours = true, perDocument = Number.POSITIVE_INFINITY, now }: RankOptions,
): Promise<readonly Ranked[]> {
  const best = [...scores].sort(([, a], [, b]) => b - a).slice(0, MOST);
  const ids = best.map(([id]) => id);
  const chunks = (await placesOf(database, ids)).map((place) => {
    const score = scores.get(place.id) ?? 0;
    const age = now - place.updatedAt.getTime();
    return { ...place, score: recency === undefined ? score : faded(score, age, recency) };
  });
  const ranked = neighbours ? withNeighbours(chunks) : chunks;
  return capped(ranked.toSorted(byScore), perDocument);
}

/** Of those that fit alike the one that changed last. */
const byScore = (a: Ranked, b: Ranked): number =>
  b.score - a.score || b.updatedAt.getTime() - a.updatedAt.getTime() || a.number - b.number;

function capped(ranked: readonly Ranked[], perDocument: number): readonly Ranked[] {
  const counts = new Map<string, number>();
  return ranked.filter(({ path }) => {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    return count <= perDocument;
  });
}
