import type { Queryable } from '../../storage/index.ts';
import type { Scores } from './fuse.ts';
import { uncounted, withNeighbours } from './neighbours.ts';
import { type ChunkPlace, charactersOf, placesOf } from './places.ts';
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

/**
 * Where the chunks stand that were found, best first.
 *
 * @param known where some of them stand; the others are looked up, in one statement
 */
export async function rankedPlaces(
  database: Queryable,
  scores: Scores,
  known: readonly ChunkPlace[],
  { recency, neighbours = true, perDocument = Number.POSITIVE_INFINITY, now }: RankOptions,
): Promise<readonly Ranked[]> {
  const best = [...scores].sort(([, a], [, b]) => b - a).slice(0, MOST);
  const places = new Map(known.map((place) => [place.chunkId, place]));
  const unknown = best.flatMap(([id]) => (places.has(id) ? [] : [id]));
  for (const place of await placesOf(database, unknown)) places.set(place.chunkId, place);
  const chunks = best.flatMap(([id, score]) => {
    const place = places.get(id);
    return place === undefined ? [] : [scoredPlace(place, score, now, recency)];
  });
  const ranked = neighbours ? withNeighbours(await withCharacters(database, chunks)) : chunks;
  return capped(ranked.toSorted(byScore), perDocument);
}

/** Counted where it matters: seldom, since that is among chunks of middle length in a series. */
async function withCharacters(database: Queryable, chunks: readonly Ranked[]): Promise<readonly Ranked[]> {
  const open = uncounted(chunks);
  if (open.length === 0) return chunks;
  const counted = await charactersOf(
    database,
    open.map(({ chunkId }) => chunkId),
  );
  return chunks.map((chunk) => ({ ...chunk, characters: counted.get(chunk.chunkId) ?? chunk.characters }));
}

function scoredPlace(place: ChunkPlace, score: number, now: number, recency: number | undefined): Ranked {
  const age = now - place.updatedAt.getTime();
  return { ...place, score: recency === undefined ? score : faded(score, age, recency) };
}

/** Of those that fit alike the one that changed last. */
const byScore = (a: Ranked, b: Ranked): number =>
  b.score - a.score ||
  b.updatedAt.getTime() - a.updatedAt.getTime() ||
  a.number - b.number ||
  a.chunkId - b.chunkId;

function capped(ranked: readonly Ranked[], perDocument: number): readonly Ranked[] {
  const counts = new Map<string, number>();
  return ranked.filter(({ path }) => {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    return count <= perDocument;
  });
}
