import type { Origin } from '../core/journal.ts';
import { unitedOrigins } from '../safety/index.ts';
import type { Queryable } from '../storage/index.ts';
import { byMeaning, byWords, fusedScores, type SearchedVectors } from './search/candidates.ts';
import { diverse } from './search/diversity.ts';
import type { Fusion } from './search/fuse.ts';
import { type ChunkText, textsOf } from './search/places.ts';
import { holdsPhrases, isExcluded, type Query, readQuery } from './search/query.ts';
import { type Ranked, rankedPlaces } from './search/rank.ts';
import { snippetOf } from './search/snippet.ts';

export interface SearchOptions {
  /** Hits at most. */
  readonly limit: number;
  /** Only documents beneath this folder, in its normalised form. */
  readonly folder?: string;
  /** How long to wait for the query's vector, in milliseconds; 3,000 unless given. */
  readonly waitMs?: number;
  /** How words and meaning are weighed against each other; `convex` unless given. */
  readonly fusion?: Fusion;
  /** Half-life in days: a text that was changed so long ago counts half. */
  readonly recency?: number;
  /** 0 (unless given): the best hits; up to 1: hits that repeat each other less. */
  readonly diversity?: number;
  /** Hits of one document at most. */
  readonly perDocument?: number;
  /** False: not with the words that the best hits have in common. */
  readonly feedback?: boolean;
  /** False: each passage by itself, without those beside it. */
  readonly neighbours?: boolean;
}

export interface SearchHit {
  readonly path: string;
  /** Which passage of its document, from 0. */
  readonly chunk: number;
  /** How well it fits, from 0 to 1: compared with the best by words and the best by meaning. */
  readonly score: number;
  /** The passage, or the part of up to about 600 characters that fits the query best, as plain text. */
  readonly snippet: string;
  /** The matching words in the snippet: start and end, in UTF-16 units. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  readonly updatedAt: string;
  /** Whose words, other than the user's, the document and its path hold. */
  readonly origins: readonly Origin[];
}

/** Best first. */
export type SearchHits = readonly SearchHit[] & {
  /** Why something may be missing that a full search would find, as a sentence; absent where nothing is. */
  readonly partial?: string;
};

interface Sources {
  readonly database: Queryable;
  readonly vectors: SearchedVectors | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * The passages of memory that fit a query, best first: by words (BM25, with the words that the best of them have in
 * common) and by meaning, as far as vectors are there and know the language; each with a part of what those beside it have.
 * Passages with all `"phrases"` come first, those with a `-word` not at all.
 *
 * Two statements, one more with vectors (while the first is under way) and two for feedback, each by index; what they cost
 * grows with how frequent the query's words are, see `memory_found` in migration 0017.
 */
export async function searchMemory(
  sources: Sources,
  given: string,
  options: SearchOptions,
): Promise<SearchHits> {
  const query = readQuery(given);
  if (!/[\p{L}\p{N}\p{S}]/u.test(query.text)) return [];
  const found = byWords(sources.database, query.text, options);
  const beside = found.then(
    ({ scores }) => [...scores.keys()],
    () => [],
  );
  const [words, meaning] = await Promise.all([
    found,
    byMeaning(sources.vectors, query.text, { ...options, beside }),
  ]);
  const scores = fusedScores(words, meaning, options.fusion);
  const known = [...words.places, ...(meaning.nearest?.places ?? [])];
  const ranked = await rankedPlaces(sources.database, scores, known, { ...options, now: sources.now });
  const chosen = await chosenOf(sources.database, query, ranked, options);
  const hits = chosen.map((chunk) => toHit(chunk, words.terms));
  return meaning.trouble === undefined ? hits : Object.assign(hits, { partial: meaning.trouble });
}

type Chosen = ChunkText & Ranked;

/** Texts are read of so many times the hits that are wanted, where some of them may be passed over. */
const SPARE = 3;
/** Of all that was found, where the texts decide. */
const MOST_TEXTS = 100;

async function chosenOf(
  database: Queryable,
  query: Query,
  ranked: readonly Ranked[],
  { limit, diversity = 0 }: SearchOptions,
): Promise<readonly Chosen[]> {
  const isPlain = query.phrases.length === 0 && query.excluded.length === 0;
  const looked = !isPlain ? MOST_TEXTS : diversity > 0 ? limit * SPARE : limit;
  const texts = await withTexts(database, ranked.slice(0, looked));
  const allowed = texts.filter(({ text }) => !isExcluded(text, query));
  const whole = allowed.filter(({ text }) => holdsPhrases(text, query));
  const others = allowed.filter(({ text }) => !holdsPhrases(text, query));
  return [...diverse(whole, diversity), ...diverse(others, diversity)].slice(0, limit);
}

async function withTexts(database: Queryable, ranked: readonly Ranked[]): Promise<readonly Chosen[]> {
  const ids = ranked.map(({ chunkId }) => chunkId);
  const texts = new Map((await textsOf(database, ids)).map((chunk) => [chunk.chunkId, chunk]));
  return ranked.flatMap((place) => {
    const chunk = texts.get(place.chunkId);
    return chunk === undefined ? [] : [{ ...place, ...chunk }];
  });
}

function toHit(
  { path, number, score, text, updatedAt, origins }: Chosen,
  terms: readonly string[],
): SearchHit {
  return {
    path,
    chunk: number,
    score: Math.min(1, score),
    ...snippetOf(text, terms),
    updatedAt: updatedAt.toISOString(),
    origins: unitedOrigins(origins),
  };
}
