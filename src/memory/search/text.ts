import type { Queryable } from '../../storage/index.ts';

/** A chunk that holds words of the query. */
export interface TextCandidate {
  readonly chunkId: number;
  readonly path: string;
  /** Which chunk of its document, from 0. */
  readonly number: number;
  /** BM25, above 0. */
  readonly score: number;
}

/** A term as the index knows it (a stem without accents, in small letters) and how much it counts. */
export interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
}

export interface QueryTerm extends WeightedTerm {
  /** The place of the query's word that it is a form of. Not of `"` and the like: only words are counted. */
  readonly at: number;
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

/**
 * Chunks that hold words of the query, best first, with one statement. A word that is nowhere stands for those that
 * begin with it. Where this finds nothing, another statement looks letter by letter (`letterCandidates`).
 */
export async function textCandidates(
  database: Queryable,
  query: string,
  options: TextOptions,
): Promise<readonly TextCandidate[]> {
  const found = await candidates(database, BY_QUERY, [storable(query), MAX_TERMS], options);
  return found.length > 0 ? found : letterCandidates(database, query, options);
}

/** The terms by which `textCandidates` searches, 64 at most: more than one for a word that has several forms. */
export async function queryTerms(database: Queryable, query: string): Promise<readonly QueryTerm[]> {
  const { rows } = await database.query<TermRow>(QUERY_TERMS, [storable(query), MAX_TERMS]);
  return rows;
}

/** Chunks that hold any of these terms, of which the first 64 are looked at, best first. */
export async function weightedCandidates(
  database: Queryable,
  terms: readonly WeightedTerm[],
  options: TextOptions,
): Promise<readonly TextCandidate[]> {
  const asked = terms.slice(0, MAX_TERMS);
  if (asked.length === 0) return [];
  const names = asked.map(({ term }) => term);
  const weights = asked.map(({ weight }) => weight);
  return candidates(database, BY_TERMS, [names, weights], options);
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

interface TermRow extends QueryTerm, Record<string, unknown> {}
interface CandidateRow extends TextCandidate, Record<string, unknown> {}
interface ChunkRow extends Record<string, unknown> {
  readonly chunkId: number;
  readonly length: number;
  readonly terms: readonly string[];
  readonly counts: readonly number[];
  readonly idfs: readonly number[];
}

async function candidates(
  database: Queryable,
  sql: string,
  asked: readonly [string | readonly string[], number | readonly number[]],
  { limit, folder = '' }: TextOptions,
): Promise<readonly TextCandidate[]> {
  const { rows } = await database.query<CandidateRow>(sql, [...asked, limit, folder]);
  return rows;
}

/** How many words are looked for letter by letter. */
const MAX_SPELT = 16;

/**
 * Chunks that hold each word of the query letter by letter, for parts of words and for queries of nothing but small
 * words: the latest first, those that hold the words in their order before others. Their score is 1 or 0.5.
 */
export function letterCandidates(
  database: Queryable,
  query: string,
  options: TextOptions,
): Promise<readonly TextCandidate[]> {
  const words =
    storable(query)
      .match(/[\p{L}\p{N}\p{M}]+/gu)
      ?.slice(0, MAX_SPELT) ?? [];
  if (words.length === 0) return Promise.resolve([]);
  // Words are letters, marks and digits, so nothing in them is a wildcard.
  const patterns = [...words.map((word) => `%${word}%`), `%${words.join('%')}%`];
  return candidates(database, BY_LETTERS, [patterns, SPELT_CHUNKS], options);
}

/** Letter by letter, only so many of the latest chunks are read: 40 ms. */
const SPELT_CHUNKS = 5_000;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
const storable = (query: string): string => query.slice(0, MAX_QUERY).toWellFormed().replaceAll('\0', ' ');

const CANDIDATE = 'c.id as "chunkId", c.path, c.number, c.score';

const QUERY_TERMS = 'select term, weight, at from memory_query($1::text, $2::integer)';

const BY_QUERY = `
  select ${CANDIDATE}
    from (select array_agg(term) as terms, array_agg(weight) as weights from memory_query($1::text, $2::integer)) as q,
      lateral memory_candidates(q.terms, q.weights, $3::integer, $4::text) as c`;

const BY_TERMS = `
  select ${CANDIDATE} from memory_candidates($1::text[], $2::float8[], $3::integer, $4::text) as c`;

/** The last of the patterns is the whole. The latest that fit are enough, and found without reading all. */
const BY_LETTERS = `
  select ${CANDIDATE} from (
    select id, path, number,
           case when text ilike ($1::text[])[cardinality($1::text[])] then 1.0::float8 else 0.5::float8 end as score
      from memory_chunk
     where text || ' ' || path ilike all (trim_array($1::text[], 1))
       and id > (select max(id) from memory_chunk) - $2::bigint
       and ($4::text = '' or path >= $4::text || '/' and path < $4::text || '0')
     order by id desc
     limit 10 * $3::integer
  ) as c
  order by c.score desc, c.id desc
  limit $3::integer`;

const TERMS_OF = `
  with chunk as materialized (
    select id, length, terms, counts from memory_chunk where id = any ($1::bigint[])
  ), term as materialized (
    select t.term from chunk, unnest(terms) as t (term) group by t.term
    having count(*) >= least(2, (select count(*) from chunk))
  ), known as (
    select greatest(1, coalesce(sum(chunks), 0))::float8 as chunks from memory_total
  ), rated as materialized (
    select f.term, ln(1 + (greatest(known.chunks, f.chunks) - f.chunks + 0.5) / (f.chunks + 0.5)) as idf
      from known, memory_frequencies(array(select term from term)) as f
  )
  select chunk.id as "chunkId", chunk.length, array_agg(t.term order by t.place) as terms,
         array_agg(t.count order by t.place) as counts, array_agg(rated.idf order by t.place) as idfs
    from chunk, lateral unnest(terms, counts) with ordinality as t (term, count, place)
      join rated on rated.term = t.term
   group by chunk.id, chunk.length`;
