-- Searching memory by words in one statement: as the functions of step 12 did it in three, with the same results, but each
-- thing is looked at once and places come along.

drop function memory_candidates(text[], float8[], float8[], integer, text);
drop function memory_query(text, integer);

-- Where chunks stand, as lists beside each other: what a statement hands over in one value costs half of what it does in
-- rows. How many octets a text has is known without reading it: a chunk that has as many as its document is all of it
-- (`alone`), and `characters` are counted where there are fewer than 500 octets; 500 where there are at least so many, null
-- where that is not known. `folder`: only beneath it, '' for all. Cost: a look at two keys a chunk.
create function memory_places(ids bigint[], folder text) returns json language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  return (
    select json_build_object(
             'ids', to_json(array_agg(c.id)), 'paths', to_json(array_agg(c.path)), 'numbers', to_json(array_agg(c.number)),
             'characters', to_json(array_agg(case when octet_length(c.text) < 500 then char_length(c.text)
                                                  when octet_length(c.text) >= 2000 then 500 end)),
             'alone', to_json(array_agg(octet_length(c.text) = octet_length(d.content))),
             'updated', to_json(array_agg(d.updated_at)))
      from memory_chunk c join memory_document d on d.path = c.path
     where c.id = any (ids) and (folder = '' or c.path >= folder || '/' and c.path < folder || '0')
    having count(*) > 0);
end $$;

-- Chunks that hold words of a query, best first, by BM25 (k1 = 1.2, b = 0.75), and the terms it was searched by.
--
-- Terms: a word counts as often as it is there, its forms (with accents and without) together as much as one; `at` is the
-- place of the word in the query, from 1. Stems in the languages that memory holds most of, since a few words seldom tell
-- theirs. A word that is nowhere stands for the five most frequent that begin with it, at half its weight; the small words
-- of its language are left out. In how many chunks a term is: as `memory_frequencies` counts, with 1,200 entries.
--
-- Looks into the index of postings only, and says how, since the planner does not know that fetching each row from its
-- table is what must not be. Cost: 1 to 2 microseconds for an entry of the index. Rare terms give the candidates, up to
-- 3,000 entries; a term that would go beyond that is looked up for the best of these only. Where the rarest term alone has
-- more, the latest 8,000 of its chunks are looked at, unless in a folder. So a query costs about the same however large the
-- index is, but for a look into each band.
create function memory_found(
  query text, most_terms integer, most integer, folder text, out terms json, out candidates json, out places json
) language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  budget  constant float8 := 3000;
  counted constant integer := 1200;
  kept    constant integer := greatest(200, most);
  said    text := memory_lower(query);
  words   text[] := memory_words(said);
  spoken  text[];
  lowest  bigint;
  highest bigint;
  first   integer;
  bands   integer[];
  latest  integer[];
  sampled integer[];
  known   float8;
  average float8;
  main    text;
  rare    text[];
  greater float8[];
  common  text[];
  lesser  float8[];
  within  bigint[];
  narrow  boolean := false;
  best    bigint[];
begin
  terms := '[]';
  select min(c.id), max(c.id) into lowest, highest from memory_chunk c;
  if lowest is null then return; end if;
  first := lowest >> 12;
  bands := array(select generate_series(first, (highest >> 12)::integer));
  latest := array(select generate_series((highest >> 12)::integer, first, -1));
  sampled := array(select distinct first + step * (cardinality(bands) - 1) / 4 from generate_series(0, 4) as step);
  select coalesce(sum(t.chunks), 0), coalesce(sum(t.length), 0),
         (array_agg(t.language order by t.chunks desc, t.language) filter (where t.chunks > 0))[:4]
    into known, average, spoken
    from (select language, sum(m.chunks) as chunks, sum(m.length) as length from memory_total m group by language) as t;
  average := greatest(1, average / greatest(1, known));
  main := coalesce(memory_language(words, said), spoken[1], 'english');

  with dictionary as materialized (
    select language, (case language when 'simple' then 'simple' else language || '_stem' end)::regdictionary as stems
      from (select distinct unnest(spoken || array[main, 'english'])) as spoken (language)
  ), word as materialized (
    select w.word, count(*) as times, min(w.at) as at
      from unnest(words) with ordinality as w (word, at), dictionary d
     where d.language = main and ts_lexize(d.stems, w.word) <> '{}'
     group by w.word order by min(w.at) limit most_terms
  ), form as materialized (
    select distinct w.word, w.at, w.times, d.language, left(memory_plain((ts_lexize(d.stems, s.spelt))[1]), 64) as term
      from word w, dictionary d, lateral (select w.word as spelt union select memory_plain(w.word)) as s
  ), share as materialized (
    select f.at, f.term, f.times::float8 / count(*) over (partition by f.word, f.language) as weight
      from form f where f.term is not null
  ), there as materialized (
    select distinct s.at from share s, unnest(bands) as b (band)
     where (select true from memory_posting p where p.band = b.band and p.term = s.term limit 1)
  ), beginning as (
    select w.at, w.times, b.term, b.n, row_number() over (partition by w.at order by b.n desc, b.term) as place
      from word w, lateral (
        select found.term, count(*) as n from unnest(bands) as b (band), lateral (
          select p.term from memory_posting p
           where p.band = b.band and p.term >= memory_plain(w.word) and p.term < memory_plain(w.word) || U&'\FFFF'
           order by p.term limit 200) as found
         group by found.term) as b
     where char_length(w.word) >= 3 and w.at not in (select t.at from there t)
  ), asked as materialized (
    select t.term, max(t.weight) as weight, min(t.at) as at from (
      select s.at, s.term, s.weight from share s
      union all
      select b.at, b.term, b.times * 0.5 from beginning b where b.place <= 5
    ) as t
    group by t.term order by min(t.at), t.term limit most_terms
  ), frequency as materialized (
    select a.term, a.weight, a.at,
           sum(case when n.n < counted / cardinality(sampled) then n.n
                    else n.n::float8 * (b.last - b.first + 1) / (n.reached - b.first + 1) end)
             * cardinality(bands) / cardinality(sampled) as chunks
      from asked a, unnest(sampled) as s (band),
        lateral (select greatest(lowest - s.band::bigint * 4096, 0) as first,
                        least(highest - s.band::bigint * 4096, 4095) as last) as b,
        lateral (
          select count(*) as n, max(slot) as reached from (
            select p.slot from memory_posting p where p.band = s.band and p.term = a.term
             order by p.slot limit counted / cardinality(sampled)) as first_ones
        ) as n
     group by a.term, a.weight, a.at
  ), rated as materialized (
    select f.term, f.weight, f.at, f.chunks, ln(1 + (greatest(known, 1, f.chunks) - f.chunks + 0.5) / (f.chunks + 0.5)) as idf
      from frequency f
  ), ordered as (
    select r.*, r.weight * r.idf * 2.2 as gain,
           sum(r.chunks) filter (where r.chunks > 0) over w as upto, row_number() over w as place
      from rated r window w as (partition by r.chunks > 0 order by r.chunks, r.term)
  )
  select coalesce(json_agg(json_build_object('term', o.term, 'weight', o.weight, 'at', o.at, 'idf', o.idf) order by o.at, o.term), '[]'),
         array_agg(o.term order by o.chunks, o.term) filter (where o.chunks > 0 and (o.upto <= budget or o.place = 1)),
         array_agg(o.gain order by o.chunks, o.term) filter (where o.chunks > 0 and (o.upto <= budget or o.place = 1)),
         array_agg(o.term order by o.chunks, o.term) filter (where o.chunks > 0 and o.upto > budget and o.place > 1),
         array_agg(o.gain order by o.chunks, o.term) filter (where o.chunks > 0 and o.upto > budget and o.place > 1)
    into terms, rare, greater, common, lesser from ordered o;
  if rare is null or known <= 0 then return; end if;

  if folder <> '' then
    within := array(select c.id from memory_chunk c where c.path >= folder || '/' and c.path < folder || '0' limit 5001);
    narrow := cardinality(within) <= 5000;
  end if;

  with allowed as materialized (
    select unnest(within) as id where narrow
  ), entry as (
    select b.band::bigint * 4096 + p.slot as id,
           a.gain * (p.mark >> 11) / ((p.mark >> 11) + 0.3::float8 + 0.9::float8 / average * (p.mark & 2047)) as score
      from unnest(rare, greater) as a (term, gain), unnest(latest) as b (band),
        lateral (select p.slot, p.mark from memory_posting p where p.band = b.band and p.term = a.term offset 0) as p
     limit case when folder = '' then 8000 end
  ), hit as (
    select e.id, sum(e.score) as score from entry e group by e.id
     order by 2 desc, 1 limit case when folder = '' then kept end
  ), candidate as materialized (
    select h.id, h.score from hit h
     where folder = '' or narrow and h.id in (select a.id from allowed a) or not narrow and (
       select c.path >= folder || '/' and c.path < folder || '0' from memory_chunk c where c.id = h.id offset 0)
     limit kept
  ), part as (
    select c.id >> 12 as band, array_agg((c.id & 4095)::smallint) as slots from candidate c where common is not null group by 1
  ), more as (
    select b.band * 4096 + p.slot as id,
           a.gain * (p.mark >> 11) / ((p.mark >> 11) + 0.3::float8 + 0.9::float8 / average * (p.mark & 2047)) as score
      from unnest(common, lesser) as a (term, gain), part b, lateral (
        select p.slot, p.mark from memory_posting p
         where p.band = b.band and p.term = a.term and p.slot = any (b.slots) offset 0) as p
  ), ranked as (
    select s.id, sum(s.score) + coalesce(sum(s.more), 0) as score from (
      select c.id, c.score, null::float8 as more from candidate c
      union all
      select m.id, null, m.score from more m
    ) as s
    group by s.id order by 2 desc, 1 limit most
  )
  select json_build_object('ids', to_json(array_agg(r.id)), 'scores', to_json(array_agg(r.score))), array_agg(r.id)
    into candidates, best from ranked r having count(*) > 0;
  places := memory_places(best, '');
end $$;
