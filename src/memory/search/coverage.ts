import type { Queryable } from '../../storage/index.ts';
import type { QueryTerm } from './text.ts';

/** A term's share of a score at most: BM25 with k1 = 1.2. */
const MOST_OF_A_TERM = 2.2;

/**
 * What part of a query the best text has by its words, 0 to 1: its score, over what a text would have in which each
 * term stands often. One statement; it counts each of the terms.
 */
export async function coverageOf(
  database: Queryable,
  terms: readonly QueryTerm[],
  bestScore: number,
): Promise<number> {
  if (terms.length === 0) return 0;
  const { rows } = await database.query<{ most: number | null }>(MOST, [
    terms.map(({ term }) => term),
    terms.map(({ weight }) => weight),
  ]);
  const most = rows[0]?.most ?? 0;
  return most > 0 ? Math.min(1, bestScore / (MOST_OF_A_TERM * most)) : 0;
}

const MOST = `
  with known as materialized (
    select greatest(1, coalesce(sum(chunks), 0))::float8 as n from memory_total
  ), asked as (
    select asked.weight, known.n, least(known.n, coalesce(f.chunks, 0)) as chunks
    from known, unnest($1::text[], $2::float8[]) as asked (term, weight)
      left join memory_frequencies($1::text[]) as f using (term)
  )
  select sum(weight * ln(1 + (n - chunks + 0.5) / (chunks + 0.5))) as most from asked`;
