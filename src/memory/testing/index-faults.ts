import type { Queryable } from '../../storage/index.ts';

/** Where documents and their index differ, which must never be: for each kind of fault, in how many places. */
export async function indexFaults(database: Queryable): Promise<Readonly<Record<string, number>>> {
  const { rows } = await database.query<{ fault: string; places: number }>(FAULTS);
  return Object.fromEntries(
    rows.filter(({ places }) => places > 0).map(({ fault, places }) => [fault, places]),
  );
}

const FAULTS = `
  with wanted_chunk as (
    select d.path, (at - 1)::integer as number, said as text
      from memory_document d, lateral unnest(memory_cut(d.content)) with ordinality as cut (said, at) where d.indexed
  ), chunk as (
    select path::text, number, text from memory_chunk
  ), wanted_terms as (
    select c.id, t.* from memory_chunk c, lateral memory_terms(c.path, c.text) as t
  ), wanted_posting as (
    select (id >> 12)::integer as band, u.term, (id & 4095)::smallint as slot, (u.count * 2048 + length)::smallint as mark
      from wanted_terms, lateral unnest(terms, counts) as u (term, count)
  ), posting as (
    select band, term::text, slot, mark from memory_posting
  ), total as (
    select language, sum(chunks)::bigint as chunks, sum(length)::bigint as length from memory_total group by language
  ), wanted_total as (
    select language, count(*) as chunks, sum(length)::bigint as length from wanted_terms group by language
  )
  select 'chunks missing' as fault, count(*) as places from (table wanted_chunk except all table chunk) as x
  union all select 'chunks too many', count(*) from (table chunk except all table wanted_chunk) as x
  union all select 'postings missing', count(*) from (table wanted_posting except all table posting) as x
  union all select 'postings too many', count(*) from (table posting except all table wanted_posting) as x
  union all select 'totals wrong', count(*) from total t full join wanted_total w using (language)
    where coalesce(t.chunks, 0) <> coalesce(w.chunks, 0) or coalesce(t.length, 0) <> coalesce(w.length, 0)
  union all select 'documents that their chunks do not make up', count(*) from memory_document d
    where d.indexed and d.content ~ '\\S'
      and d.content is distinct from (select string_agg(text, '' order by number) from memory_chunk c where c.path = d.path)`;
