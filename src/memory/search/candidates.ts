import type { Queryable } from '../../storage/index.ts';
import type { Nearest, Vectors } from '../vectors/vectors.ts';
import { coverageOf } from './coverage.ts';
import { expanded, FEEDBACK_CHUNKS, type FeedbackChunk } from './expand.ts';
import { type Fusion, fuse, type Scores } from './fuse.ts';
import type { ChunkPlace } from './places.ts';
import {
  type ChunkTerms,
  type Found,
  findByWords,
  letterCandidates,
  MOST_OF_A_TERM,
  scoresOf,
  type TextCandidate,
  termsOf,
} from './text.ts';
import { vectorWeight } from './weight.ts';

interface WordsOptions {
  readonly folder?: string;
  readonly feedback?: boolean;
}

interface MeaningOptions {
  /** Chunks that are found otherwise: how near they lie is told as well. */
  readonly beside: Promise<readonly number[]>;
  readonly folder?: string;
  readonly waitMs?: number;
  readonly fusion?: Fusion;
}

/** What searching needs of vectors. */
export type SearchedVectors = Pick<Vectors, 'nearest' | 'status'>;

/** What was found by words. */
export interface Words {
  /** The query's terms. */
  readonly terms: readonly string[];
  readonly scores: Scores;
  readonly places: readonly ChunkPlace[];
  /** See `Grounds`. */
  readonly coverage: number;
}

/** What was found by meaning, or why nothing was. */
export interface Meaning {
  readonly nearest?: Nearest;
  /** Why something may be missing, as a sentence. */
  readonly trouble?: string;
}

/** How many chunks are looked at more closely: of those with the words, and of those near in meaning. */
const WITH_WORDS = 100;
const NEAR = 100;

const PATIENCE_MS = 3_000;

/** Chunks by words: found by those of the query, rated with those that the best of them have in common. */
export async function byWords(database: Queryable, text: string, options: WordsOptions): Promise<Words> {
  const { folder, feedback = true } = options;
  const scope = { limit: WITH_WORDS, ...(folder !== undefined && { folder }) };
  const found = await findByWords(database, text, scope);
  const terms = found.terms.map(({ term }) => term);
  const [leader] = found.candidates;
  if (leader === undefined) {
    const spelt = await letterCandidates(database, text, scope);
    return { terms, scores: scored(spelt), places: spelt, coverage: 0 };
  }
  const coverage = coverageOf(found.terms, leader.score);
  const isLong = new Set(found.terms.map(({ at }) => at)).size >= FEEDBACK_FROM_WORDS;
  const scores = feedback && isLong ? await withFeedback(database, found) : scored(found.candidates);
  return { terms, scores, places: found.candidates, coverage };
}

/** Fewer words are exact enough: feedback then changes nothing for the better. */
const FEEDBACK_FROM_WORDS = 7;

async function withFeedback(database: Queryable, { terms, candidates }: Found): Promise<Scores> {
  const leaders = candidates.slice(0, FEEDBACK_CHUNKS);
  const ids = leaders.map(({ chunkId }) => chunkId);
  const shared = await termsOf(database, ids);
  const idfs = new Map(
    [...shared.flatMap((chunk) => chunk.terms), ...terms].map(({ term, idf }) => [term, idf]),
  );
  const gains = expanded(terms, feedbackOf(leaders, shared)).map(({ term, weight }) => {
    return { term, gain: weight * (idfs.get(term) ?? 0) * MOST_OF_A_TERM };
  });
  const again = await scoresOf(
    database,
    candidates.slice(0, SCORED_AGAIN).map(({ chunkId }) => chunkId),
    gains,
  );
  // The others stay in their order, behind those.
  const part = Math.min(...again.values()) / (candidates[0]?.score ?? 1);
  return new Map(candidates.map(({ chunkId, score }) => [chunkId, again.get(chunkId) ?? part * score]));
}

/** Of the chunks with the query's words; feedback brings none from further behind among the first ten. */
const SCORED_AGAIN = 60;

const scored = (candidates: readonly TextCandidate[]): Scores =>
  new Map(candidates.map(({ chunkId, score }) => [chunkId, score]));

/** Where a document lies says nothing about what its passages have in common. */
function feedbackOf(
  leaders: readonly TextCandidate[],
  chunks: readonly ChunkTerms[],
): readonly FeedbackChunk[] {
  const byId = new Map(leaders.map((leader) => [leader.chunkId, leader]));
  return chunks.flatMap(({ chunkId, length, terms }) => {
    const leader = byId.get(chunkId);
    if (leader === undefined) return [];
    const path = leader.path.toLowerCase();
    return [{ score: leader.score, length, terms: terms.filter(({ term }) => !path.includes(term)) }];
  });
}

/** Chunks by meaning, where there are vectors and they are asked for. */
export async function byMeaning(
  vectors: SearchedVectors | undefined,
  text: string,
  { beside, folder, waitMs = PATIENCE_MS, fusion }: MeaningOptions,
): Promise<Meaning> {
  if (vectors === undefined || fusion === 'text') return {};
  const within = folder === undefined ? {} : { folder };
  const nearest = await vectors.nearest(text, { limit: NEAR, waitMs, beside, ...within });
  if (nearest === undefined) return troubleOf(vectors);
  if (nearest.covers >= 1) return { nearest };
  const part = Math.floor(100 * nearest.covers);
  return {
    nearest,
    trouble: `Not all of memory has vectors yet (${part} %); the rest is found by words only.`,
  };
}

/** Not where vectors are off, or there is nothing to have any. */
async function troubleOf(vectors: SearchedVectors): Promise<Meaning> {
  const {
    model,
    embedded,
    pending,
    trouble = 'The vector of the query was not there in time.',
  } = await vectors.status();
  return model === undefined || embedded + pending === 0
    ? {}
    : { trouble: `Searched by words only. ${trouble}` };
}

/** One score for each chunk that was found either way. */
export function fusedScores(
  { scores: text, coverage }: Words,
  { nearest }: Meaning,
  fusion: Fusion = 'convex',
): Scores {
  if (nearest === undefined) return fuse({ text, vectors: new Map(), weight: 0 }, 'text');
  const near = new Map(nearest.candidates.map(({ chunkId, similarity }) => [chunkId, similarity]));
  const others = [...nearest.beside].filter(([id]) => !near.has(id));
  const vectors = clearOnes([...near, ...others], text);
  const weight = vectorWeight({ coverage, speaks: nearest.speaks, covers: nearest.covers });
  return fuse({ text, vectors, weight }, weight === 0 && fusion === 'convex' ? 'text' : fusion);
}

/** What is not half as like the query as the likest is no more like it than anything. */
const CLEAR_BESIDE_BEST = 0.5;
/** Something is always nearest: below this it is no hit by that alone. */
const FAINT = 0.25;

function clearOnes(
  similarities: readonly (readonly [id: number, similarity: number])[],
  text: Scores,
): Scores {
  const best = Math.max(0, ...similarities.map(([, similarity]) => similarity));
  const clear = similarities.filter(
    ([id, similarity]) => similarity >= CLEAR_BESIDE_BEST * best && (similarity >= FAINT || text.has(id)),
  );
  return new Map(clear);
}
