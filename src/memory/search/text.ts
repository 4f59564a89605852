import type { Queryable } from '../../storage/index.ts';
import { type ChunkPlace, type PlaceLists, readPlaces } from './places.ts';

/** A chunk that holds words of the query. */
export interface TextCandidate extends ChunkPlace {
  /** BM25, above 0. */
  readonly score: number;
}

/** A term as the index knows it: a stem without accents, in small letters. */
export interface QueryTerm {
  readonly term: string;
  /** How much it counts. */
  readonly weight: number;
  /** The place of the query's word that it is a form of. Not of `"` and the like: only words are counted. */
  readonly at: number;
  /** As in `ChunkTerm`. */
  readonly idf: number;
}

/** What is found by the words of a query. */
export interface Found {
  /** Its terms, 64 at most: more than one for a word that has several forms. */
  readonly terms: readonly QueryTerm[];
  /** Best first. */
  readonly candidates: readonly TextCandidate[];
}

/** A term, and what it adds to a score at most: its weight and its idf, times `MOST_OF_A_TERM`. */
export interface Gain {
  readonly term: string;
  readonly gain: number;
}

export interface TextOptions {
  readonly limit: number;
  /** Only what lies beneath this folder: a normalised path, `''` for all. */
  readonly folder?: string;
}

/** What a chunk is found by. */
export interface ChunkTerms {
  readonly chunkId: number;
  /** How many terms it has in all, each as often as it occurs. */
  readonly length: number;
  readonly terms: readonly ChunkTerm[];
}

export interface ChunkTerm {
  readonly term: string;
  /** How often it occurs, 15 at most. */
  readonly count: number;
  /** BM25's: ln(1 + (N - n + 0.5) / (n + 0.5)), where n of N chunks have the term. */
  readonly idf: number;
}

/** What stands beyond this in a query is left out, in UTF-16 units; and so are further terms. */
const MAX_QUERY = 2_000;
const MAX_TERMS = 64;

/** A term's part of a score at most, in idf: BM25 with k1 = 1.2. */
export const MOST_OF_A_TERM = 2.2;

/**
 * Chunks that hold words of the query, best first. A word that is nowhere stands for those that begin with it. Where
 * this finds nothing, another statement looks letter by letter (`letterCandidates`).
 */
export async function textCandidates(
  database: Queryable,
  query: string,
  options: TextOptions,
): Promise<readonly TextCandidate[]> {
  const { candidates } = await findByWords(database, query, options);
  return candidates.length > 0 ? candidates : letterCandidates(database, query, options);
}

/** The same with the terms by which it searches, and never letter by letter. One statement. */
export async function findByWords(
  database: Queryable,
  query: string,
  { limit, folder = '' }: TextOptions,
): Promise<Found> {
  const params = [storable(query), MAX_TERMS, limit, folder];
  const { rows } = await database.query<FoundRow>(BY_QUERY, params);
  return { terms: rows[0]?.terms ?? [], candidates: candidatesOf(rows[0]) };
}

/** The scores of these chunks by other terms, without looking for further chunks. Reads the chunks themselves. */
export async function scoresOf(
  database: Queryable,
  chunkIds: readonly number[],
  gains: readonly Gain[],
): Promise<ReadonlyMap<number, number>> {
  const params = [chunkIds, gains.map(({ term }) => term), gains.map(({ gain }) => gain)];
  const { rows } = await database.query<ScoreRow>(SCORES, params);
  return new Map(rows.map(({ chunkId, score }) => [chunkId, score]));
}

/**
 * The terms of chunks, for feedback: those that at least two of the chunks have (where there are two), since a term of
 * one alone says nothing about what they share, and each costs a look into the index.
 */
export async function termsOf(
  database: Queryable,
  chunkIds: readonly number[],
): Promise<readonly ChunkTerms[]> {
  const { rows } = await database.query<ChunkRow>(TERMS_OF, [chunkIds]);
  return rows.map(({ chunkId, length, terms, counts, idfs }) => ({
    chunkId,
    length,
    terms: terms.map((term, at) => ({ term, count: counts[at] ?? 0, idf: idfs[at] ?? 0 })),
  }));
}

/** As lists beside each other, the best first, and where these chunks stand, in another order. */
interface CandidatesRow extends Record<string, unknown> {
  readonly candidates: { readonly ids: readonly number[]; readonly scores: readonly number[] } | null;
  readonly places: PlaceLists;
}

interface FoundRow extends CandidatesRow {
  readonly terms: readonly QueryTerm[];
}

function candidatesOf(row: CandidatesRow | undefined): readonly TextCandidate[] {
  if (!row?.candidates) return [];
  const { ids, scores } = row.candidates;
  const places = new Map(readPlaces(row.places).map((place) => [place.chunkId, place]));
  return ids.flatMap((id, at) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ ...place, score: scores[at] ?? 0 }];
  });
}

interface ScoreRow extends Pick<TextCandidate, 'chunkId' | 'score'>, Record<string, unknown> {}
interface ChunkRow extends Record<string, unknown> {
  readonly chunkId: number;
  readonly length: number;
  readonly terms: readonly string[];
  readonly counts: readonly number[];
  readonly idfs: readonly number[];
}

/** How many words are looked for letter by letter. */
const MAX_SPELT = 16;

/**
 * Chunks that hold each word of the query letter by letter, for parts of words and for queries of nothing but small
 * words: the latest first, those that hold the words in their order before others. Their score is 1 or 0.5.
 */
export async function letterCandidates(
  database: Queryable,
  query: string,
  { limit, folder = '' }: TextOptions,
): Promise<readonly TextCandidate[]> {
  const words =
    storable(query)
      .match(/[\p{L}\p{N}\p{M}]+/gu)
      ?.slice(0, MAX_SPELT) ?? [];
  if (words.length === 0) return [];
  // Words are letters, marks and digits, so nothing in them is a wildcard.
  const patterns = [...words.map((word) => `%${word}%`), `%${words.join('%')}%`];
  const params = [patterns, SPELT_CHUNKS, limit, folder];
  const { rows } = await database.query<CandidatesRow>(BY_LETTERS, params);
  return candidatesOf(rows[0]);
}

/** Letter by letter, only so many of the latest chunks are read: 40 ms. */
const SPELT_CHUNKS = 5_000;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
const storable = (query: string): string => query.slice(0, MAX_QUERY).toWellFormed().replaceAll('\0', ' ');

/** The idf of terms `f` among `known.chunks` chunks. */
const IDF = 'ln(1 + (greatest(known.chunks, f.chunks) - f.chunks + 0.5) / (f.chunks + 0.5))';
const KNOWN = 'select greatest(1, coalesce(sum(chunks), 0))::float8 as chunks from memory_total';

const BY_QUERY =
  'select terms, candidates, places from memory_found($1::text, $2::integer, $3::integer, $4::text)';

const SCORES = `
  with asked as materialized (
    select term, gain from unnest($2::text[], $3::float8[]) as asked (term, gain)
  ), known as materialized (
    select greatest(1, sum(length)::float8 / greatest(1, sum(chunks))) as average from memory_total
  ), held as materialized (
    select c.id, 0.3::float8 + 0.9::float8 / known.average * c.length as damping, t.term, t.count
      from known, memory_chunk c, lateral unnest(c.terms, c.counts) as t (term, count)
     where c.id = any ($1::bigint[])
  )
  select id as "chunkId", sum(gain * count / (count + damping)) as score from held join asked using (term) group by id`;

/** The last of the patterns is the whole. The latest that fit are enough, and found without reading all. */
const BY_LETTERS = `
  with spelt as (
    select id, case when text ilike ($1::text[])[cardinality($1::text[])] then 1.0::float8 else 0.5::float8 end as score
      from memory_chunk
     where text || ' ' || path ilike all (trim_array($1::text[], 1))
       and id > (select max(id) from memory_chunk) - $2::bigint
       and ($4::text = '' or path >= $4::text || '/' and path < $4::text || '0')
     order by id desc
     limit 10 * $3::integer
  ), best as (
    select id, score from spelt order by score desc, id desc limit $3::integer
  ), ranked as (
    select array_agg(id order by score desc, id desc) as ids, array_agg(score order by score desc, id desc) as scores from best
  )
  select json_build_object('ids', to_json(ids), 'scores', to_json(scores)) as candidates, memory_places(ids, '') as places
    from ranked where ids is not null`;

const TERMS_OF = `
  with chunk as materialized (
    select id, length, terms, counts from memory_chunk where id = any ($1::bigint[])
  ), term as materialized (
    select t.term from chunk, unnest(terms) as t (term) group by t.term
    having count(*) >= least(2, (select count(*) from chunk))
  ), known as (
    ${KNOWN}
  ), rated as materialized (
    select f.term, ${IDF} as idf
      from known, memory_frequencies(array(select term from term), 300) as f
  )
  select chunk.id as "chunkId", chunk.length, array_agg(t.term order by t.place) as terms,
         array_agg(t.count order by t.place) as counts, array_agg(rated.idf order by t.place) as idfs
    from chunk, lateral unnest(terms, counts) with ordinality as t (term, count, place)
      join rated on rated.term = t.term
   group by chunk.id, chunk.length`;
