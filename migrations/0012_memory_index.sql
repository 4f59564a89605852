-- The index of memory. A document is cut into chunks, each chunk into terms, and all of it in the transaction that writes
-- the document, by triggers: whichever statement writes it, index and document cannot differ.
--
--   memory_document --memory_cut--> memory_chunk --memory_terms--> memory_posting, memory_total
--
-- Analysis does without PostgreSQL's parser and as far as it can without the database's locale, so that an embedded
-- database and any server find the same.

-- Paths are compared sign by sign, in every table that has them: what lies in a folder is then a range of the index,
-- and no join finds its index in another order.
alter table memory_document
  drop column search,
  alter column path type text collate "C",
  -- Where it is not to be found, its chunks go; it is there all the same.
  add column indexed boolean not null default true;

alter table memory_version alter column path type text collate "C";

create table memory_chunk (
  id       bigint generated always as identity primary key,
  path     text collate "C" not null references memory_document (path) on delete cascade on update cascade,
  -- From 0. The chunks of a document in their order are its content, sign for sign.
  number   integer not null,
  text     text not null,
  language text not null,
  -- What it and the words of its path are found by, how often each, and how many there are in all.
  terms    text[] not null,
  counts   smallint[] not null,
  length   smallint not null,
  -- Deferrable, so that one statement may move several: it is checked when that has ended.
  unique (path, number) include (id) deferrable initially immediate
);

-- Where a term occurs. `id` of the chunk = band * 4096 + slot: new chunks write to one end of the index, so that its pages
-- there are written often and all others never, however large it is. `mark` = how often * 2048 + length of the chunk: a
-- query reads nothing but the index, where vacuum has been: what was written since costs it five times as much. About 70 bytes of table and index a row, 8 kB a chunk of English.
create table memory_posting (
  band integer not null,
  term text collate "C" not null,
  slot smallint not null,
  mark smallint not null
) with (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
create unique index memory_posting_place on memory_posting (band, term, slot) include (mark);

-- How many chunks there are, and their length in all, by language. Writers only add rows, so that none waits for
-- another; now and then one sums up what is there.
create table memory_total (
  id       bigint generated always as identity primary key,
  language text not null,
  chunks   bigint not null,
  length   bigint not null
);

-- Frequent small words by which a language is told from others; where they say nothing it is taken for English.
create table memory_stop_word (
  word     text collate "C" not null,
  language text not null,
  primary key (word, language)
);
insert into memory_stop_word (language, word)
select language, unnest(string_to_array(words, ' ')) from (values
  ('english', 'the and of is that for it with was you this are have not be from what when which will would my they he she did does how where who your about'),
  ('german', 'der die das und ist nicht ich ein eine zu mit den von auf für dem auch sich wir hat im wie war bei aber noch einen wann wo wer was meine mein nach über oder wird sind es'),
  ('french', 'le la les et est une des pas que du je il dans pour qui sur avec au ce elle nous vous sont plus mais ses mon quand où ma mes dans par quel quelle à'),
  ('spanish', 'el la los las y es una que en no por con para del se lo su pero más como al está mi fue cuando dónde qué cuál son muy ha mis hay'),
  ('italian', 'il la di che è e un una non per sono mi con ho lo ma si della del le gli nel da alla come quando dove mio più anche cosa i al'),
  ('portuguese', 'o a os as e é um uma não que de do da em para com por se no na mas eu mais foi ao como meu minha quando onde qual são ele está'),
  ('dutch', 'de het een en is van niet ik dat die met voor zijn op te ook er maar aan was wij hebben heeft bij wat wanneer waar mijn naar om'),
  ('swedish', 'och att det är en som på för med av inte jag den till var har ett men vi om när vad hur min mitt från så'),
  ('norwegian', 'og det er en som på for med av ikke jeg den til var har et men vi når hva hvor min mitt fra så hvem'),
  ('danish', 'og det er en som på for med af ikke jeg den til var har et men vi når hvad hvor min mit fra så hvem blev'),
  ('finnish', 'ja on ei se että oli hän kun mutta ovat myös joka mitä minä ole tai niin kuin missä milloin minun olen'),
  ('hungarian', 'a az és nem hogy is egy van volt de meg ez csak már azt mint még mikor hol mi ha én'),
  ('romanian', 'și este în nu că la cu pe un o din de care sunt mai pentru am fi când unde ce mea meu'),
  ('turkish', 've bir bu için ile de da çok ne o gibi daha var ben değil ama olan nerede zaman mi mı benim'),
  ('simple', 'i w nie się jest na że do jak co po jego kiedy gdzie a je v že si ale jsem kdy kde není pro')
) as known (language, words)
on conflict do nothing;

-- Lower-case letters, compatible forms as their plain ones (full-width letters, ligatures), whatever the locale can.
create function memory_lower(said text) returns text language plpgsql immutable parallel safe as $$
begin
  if octet_length(said) = char_length(said) then return lower(said); end if;
  said := lower(normalize(said, NFKC));
  if said ~ '[\u00c0-\u00de\u0391-\u03a9\u0400-\u042f]' then
    said := normalize(translate(lower(normalize(said, NFD)),
      'ØÆŒŁĐÐÞΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЇЂЈЉЊЋЏ',
      'øæœłđðþαβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяєіїђјљњћџ'), NFC);
  end if;
  return said;
end $$;

-- Without accents: `café` as `cafe`, `ё` as `е`. Signs on letters of other scripts make other letters, and stay.
create function memory_plain(said text) returns text language plpgsql immutable parallel safe as $$
begin
  if octet_length(said) = char_length(said) then return said; end if;
  return translate(replace(normalize(
    regexp_replace(normalize(said, NFD), '([a-z\u0370-\u03ff])[\u0300-\u036f]+', '\1', 'g'), NFC),
    'ß', 'ss'), 'øæœłđðıёς', 'oaoldd' || 'iеσ');
end $$;

-- How much a text counts, in letters of English: a sign of a script without spaces says as much as three.
create function memory_size(said text) returns integer language sql immutable parallel safe as $$
  select greatest(char_length(said), 2 * octet_length(said) - 3 * char_length(said))
$$;

-- What a document is made of: paragraphs, and what stands on a line of its own in lists, tables, headings, logs and
-- dialogues. Put together they are the document, sign for sign.
create function memory_units(content text) returns text[] language plpgsql immutable parallel safe as $$
declare
  units  text[] := '{}';
  lines  text[] := string_to_array(content, E'\n');
  last   constant integer := coalesce(cardinality(lines), 0);
  unit   text := '';
  empty  boolean := false;
begin
  for at in 1 .. last loop
    if octet_length(unit) > 8000 or unit <> '' and lines[at] <> '' and (
      empty or lines[at] ~ '^\s*([-*+\u2022>|#\u2013\u2014]|\d{1,3}[.)]\s|\[?\d\d?:\d\d|\[|[^\s:]+( [^\s:]+){0,3}: )'
    ) then
      units := units || unit;
      unit := '';
    end if;
    empty := lines[at] ~ '^\s*(#.*)?$';
    unit := unit || lines[at] || case when at < last then E'\n' else '' end;
  end loop;
  return case when unit = '' then units else units || unit end;
end $$;

-- The first so many letters of a text, ending with a sentence if they can, else a line, else a word.
create function memory_head(said text, room integer) returns text language plpgsql immutable parallel safe as $$
declare
  head text := left(said, greatest(1, (room::bigint * char_length(said) / memory_size(said))::integer));
  part text;
begin
  part := substring(head from '^.*(?:[.!?\u2026]["'')\]\u00bb\u201c\u201d]*\s+|[\u3002\uff01\uff1f])');
  if char_length(part) > char_length(head) / 3 then return part; end if;
  part := coalesce(substring(head from '^.*\n'), substring(head from '^.*\s'));
  return case when char_length(part) > char_length(head) / 3 then part else head end;
end $$;

-- The chunks of a document. Prose is found best by long ones, lists and dialogues by short ones (measured): units are
-- put together up to 90 words, and one of up to 300 words stays whole. A heading begins a chunk, and so does what
-- follows on a unit of certain lengths, so that behind a change the borders are soon where they were before. Cost: linear,
-- 0.2 s for the largest document.
create function memory_cut(content text) returns text[] language plpgsql immutable parallel safe as $$
declare
  together constant integer := 560;
  most     constant integer := 1900;
  enough   constant integer := 280;
  chunks   text[] := '{}';
  chunk    text := '';
  filled   integer := 0;
  unit     text;
  piece    text;
  added    integer;
begin
  foreach unit in array memory_units(content) loop
    if filled >= enough and (unit like '#%' or char_length(chunk) % 4 = 0) then
      chunks := chunks || chunk;
      chunk := '';
      filled := 0;
    end if;
    while unit <> '' loop
      added := memory_size(unit);
      piece := case when added > most then memory_head(unit, most) else unit end;
      unit := substr(unit, char_length(piece) + 1);
      added := case when unit = '' then added else memory_size(piece) end;
      if filled > 0 and filled + added > together and piece ~ '\S' and chunk !~ '(^|\n)#[^\n]*\n\s*$' then
        chunks := chunks || chunk;
        chunk := '';
        filled := 0;
      end if;
      chunk := chunk || piece;
      filled := filled + case when piece ~ '\S' then added else 0 end;
    end loop;
  end loop;
  if chunk ~ '\S' then return chunks || chunk; end if;
  if cardinality(chunks) > 0 then chunks[cardinality(chunks)] := chunks[cardinality(chunks)] || chunk; end if;
  return chunks;
end $$;

-- Tells the language of words by script and by the small words among them; null where they say nothing.
create function memory_language(words text[], said text) returns text language plpgsql stable parallel safe as $$
begin
  if octet_length(said) > char_length(said) then
    if said ~ '[а-я]{2}' then return 'russian'; end if;
    if said ~ '[α-ω]{2}' then return 'greek'; end if;
    if said ~ '[\u0620-\u064a]{2}' then return 'arabic'; end if;
    if said ~ '[\u0900-\u097f]{2}' then return 'hindi'; end if;
  end if;
  return (
    select s.language from unnest(words) as w join memory_stop_word s on s.word = w
     group by s.language
     order by count(*) desc, s.language = 'english' desc, s.language
     limit 1);
end $$;

-- The words of a text in small letters: of names (`a.b@c.org`, `INV-2041`) the parts and the whole, of scripts without
-- spaces each sign and each two that stand together. Words with nothing but hyphens between them are no name.
create function memory_words(said text) returns text[] language plpgsql immutable parallel safe as $$
declare
  spaceless constant text :=
    '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+';
  signs text[] := '{}';
  names text[] := '{}';
begin
  said := translate(said, E' \n\t\r,;!?()[]{}<>"''`|=*~^%$&\\', E'                              ');
  if octet_length(said) > char_length(said) then
    said := regexp_replace(said,
      '[\u00a0-\u00bf\u2000-\u206f\u2190-\u2bff\u3000-\u3004\u3006-\u3020\u3030\u30fb\ufe30-\ufe4f\ufffd]+', ' ', 'g');
    if said ~ spaceless then
      signs := array(
        select substr(run[1], at, width)
          from regexp_matches(said, spaceless, 'g') as run, generate_series(1, char_length(run[1])) as at,
            generate_series(1, least(2, char_length(run[1]) - at + 1)) as width);
      said := regexp_replace(said, spaceless, ' ', 'g');
    end if;
  end if;
  if said ~ '[^ ][._@:/+#-]' then
    names := array(
      select btrim(token, '._@:/+#-') from unnest(string_to_array(said, ' ')) as token
       where token ~ '[^ ][._@:/+#-]+[^._@:/+#-]' and btrim(token, '._@:/+#-') ~ '[0-9._@:/+#]');
  end if;
  return array_remove(string_to_array(translate(said, '._@:/+#-', '        '), ' '), '') || names || signs;
end $$;

-- The terms of words in a language: stems without accents, and the stems of what the words are without accents, so
-- that `cafe` finds `café`. `simple` has no stems; a language's small words are no terms.
create function memory_stems(words text[], language text) returns table (term text, count integer)
  language plpgsql stable parallel safe as $$
declare
  dictionary regdictionary := case when language = 'simple' then 'simple' else language || '_stem' end;
begin
  if octet_length(words::text) = char_length(words::text) then
    return query
      select left(stems[1], 64), sum(w.times)::integer
        from (select word, count(*) as times from unnest(words) as word group by word) as w,
          lateral ts_lexize(dictionary, w.word) as stems
       where stems[1] is not null
       group by 1;
    return;
  end if;
  return query
    select left(forms.form, 64), max(forms.times)::integer from (
      select memory_plain(stems[1]) as form, sum(w.times) as times, way
        from (select word, count(*) as times from unnest(words) as word group by word) as w,
          lateral (
            select ts_lexize(dictionary, w.word), 1
            union all
            select ts_lexize(dictionary, memory_plain(w.word)), 2 where octet_length(w.word) > char_length(w.word)
          ) as f (stems, way)
       where stems[1] is not null
       group by 1, 3
    ) as forms
    group by 1;
end $$;

-- What a chunk is found by: the terms of its text and of its path, but for the ending.
create function memory_terms(
  path text, said text, out language text, out terms text[], out counts smallint[], out length smallint
) language plpgsql stable parallel safe as $$
declare
  words text[];
begin
  said := memory_lower(said);
  words := memory_words(said);
  language := coalesce(memory_language(words, said), 'english');
  words := memory_words(memory_lower(regexp_replace(path, '\.[a-z]{1,4}$', ''))) || words;
  select coalesce(array_agg(s.term), '{}'), coalesce(array_agg(least(s.count, 15)::smallint), '{}'),
         least(coalesce(sum(s.count), 0), 2047)::smallint
    into terms, counts, length
    from memory_stems(words, language) as s;
end $$;

-- Every now and then the totals are summed up, by whoever adds to them; what somebody else is summing up is left.
create function memory_sum_totals() returns trigger language plpgsql as $$
begin
  with old as (
    delete from memory_total where id in (
      select id from memory_total where id <= new.id order by id limit 1000 for update skip locked)
    returning language, chunks, length
  )
  insert into memory_total (language, chunks, length)
  select language, sum(chunks), sum(length) from old group by language having sum(chunks) <> 0 or sum(length) <> 0;
  return null;
end $$;

create trigger memory_total_sum after insert on memory_total
  for each row when (new.id % 64 = 0) execute function memory_sum_totals();

-- Makes the chunks of a document what its content asks for. A chunk whose text is still there stays, with its id.
create function memory_index(document memory_document) returns void language plpgsql as $$
declare
  texts text[] := case when document.indexed then memory_cut(document.content) else '{}' end;
begin
  with wanted as (
    select at - 1 as number, said, row_number() over (partition by said order by at) as nth
      from unnest(texts) with ordinality as w (said, at)
  ), there as (
    select id, number, text, row_number() over (partition by text order by number) as nth
      from memory_chunk where path = document.path
  ), pair as (
    select t.id, t.number as was, w.number
      from there t left join wanted w on w.said = t.text and w.nth = t.nth
  ), gone as (
    delete from memory_chunk where id in (select id from pair where number is null)
  )
  update memory_chunk c set number = pair.number from pair
   where c.id = pair.id and pair.number <> pair.was;

  with added as (
    insert into memory_chunk (path, number, text, language, terms, counts, length)
    select document.path, at - 1, said, t.language, t.terms, t.counts, t.length
      from unnest(texts) with ordinality as w (said, at), lateral memory_terms(document.path, said) as t
     where not exists (select from memory_chunk where path = document.path and number = at - 1)
    returning id, language, terms, counts, length
  ), posted as (
    insert into memory_posting (band, term, slot, mark)
    select id >> 12, t.term, (id & 4095)::smallint, (t.count * 2048 + length)::smallint
      from added, lateral unnest(terms, counts) as t (term, count)
  )
  insert into memory_total (language, chunks, length) select language, count(*), sum(length) from added group by language;
end $$;

create function memory_document_written() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.content = old.content and new.path = old.path and new.indexed = old.indexed then return null; end if;
    -- The words of its path are terms of each chunk.
    if new.path <> old.path then delete from memory_chunk where path = new.path; end if;
  end if;
  perform memory_index(new);
  return null;
end $$;

create trigger memory_document_index after insert or update on memory_document
  for each row execute function memory_document_written();

-- Whatever removes a chunk (its document went, or changed) removes it from the index, each posting by a look into that.
create function memory_unindex_chunks() returns trigger language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  delete from memory_posting where ctid = any (array(
    select p.ctid from gone g, unnest(g.terms) as t (term), lateral (
      select p.ctid from memory_posting p
       where p.band = g.id >> 12 and p.term = t.term and p.slot = (g.id & 4095)::smallint offset 0) as p));
  insert into memory_total (language, chunks, length)
  select language, -count(*), -sum(length) from gone group by language;
  return null;
end $$;

create trigger memory_chunk_unindex after delete on memory_chunk
  referencing old table as gone for each statement execute function memory_unindex_chunks();

-- The ranges of 4,096 ids in which there are chunks, and their first and last slot. `sampled`: five of them at most.
create function memory_bands(out bands integer[], out firsts integer[], out lasts integer[], out sampled integer[])
  language plpgsql stable as $$
declare
  lowest  bigint := (select min(id) from memory_chunk);
  highest bigint := (select max(id) from memory_chunk);
begin
  select array_agg(band order by band), array_agg(greatest(lowest - band * 4096, 0) order by band),
         array_agg(least(highest - band * 4096, 4095) order by band)
    into bands, firsts, lasts
    from generate_series(lowest >> 12, highest >> 12) as band;
  sampled := array(
    select distinct 1 + (step * (cardinality(bands) - 1) / 4) from generate_series(0, 4) as step where lowest is not null);
end $$;

-- In how many chunks terms occur. Five bands are looked at, and of a term so many entries in all of them; where there are
-- more, their number is reckoned from how close together these lie. With 1,200 entries that is exact for rare terms, and
-- within a few percent for frequent ones that lie about evenly, which is all that a logarithm of it needs.
create function memory_frequencies(terms text[], counted integer) returns table (term text, chunks float8) language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  place record;
  most  integer;
begin
  select * into place from memory_bands();
  if place.bands is null then return; end if;
  most := counted / cardinality(place.sampled);
  return query
    select a.term, sum(case when n < most then n else n::float8 * (last - first + 1) / (reached - first + 1) end)
                   * cardinality(place.bands) / cardinality(place.sampled)
      from unnest(terms) as a (term), unnest(place.sampled) as s (at),
        lateral (select place.bands[at] as band, place.firsts[at] as first, place.lasts[at] as last) as b,
        lateral (
          select count(*) as n, max(slot) as reached from (
            select p.slot from memory_posting p where p.band = b.band and p.term = a.term order by p.slot limit most) as first_ones
        ) as counted
     group by a.term;
end $$;

-- The terms of a query, with what each counts: a word as often as it is there, its forms (with accents and without)
-- together as much as one; `at` is the place of the word in the query, from 1. Stems in the languages that memory holds most of, since a few words seldom tell theirs. A word
-- that is nowhere stands for the five most frequent that begin with it, at half its weight; the small words of its
-- language are left out.
create function memory_query(query text, most integer) returns table (term text, weight float8, at bigint) language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  said   text := memory_lower(query);
  words  text[] := memory_words(said);
  known  text[] := array(
    select language from memory_total group by language having sum(chunks) > 0 order by sum(chunks) desc, language limit 4);
  main   text := coalesce(memory_language(words, said), known[1], 'english');
  bands  integer[] := (select m.bands from memory_bands() m);
begin
  return query
    with dictionary as materialized (
      select language, (case language when 'simple' then 'simple' else language || '_stem' end)::regdictionary as stems
        from (select distinct unnest(known || array[main, 'english'])) as spoken (language)
    ), word as materialized (
      select w.word, count(*) as times, min(w.at) as at
        from unnest(words) with ordinality as w (word, at), dictionary d
       where d.language = main and ts_lexize(d.stems, w.word) <> '{}'
       group by w.word order by min(w.at) limit most
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
    )
    select t.term, max(t.weight), min(t.at) from (
      select s.at, s.term, s.weight from share s
      union all
      select b.at, b.term, b.times * 0.5 from beginning b where b.place <= 5
    ) as t
    group by t.term order by min(t.at), t.term limit most;
end $$;

-- Chunks that hold any of these terms, best first, by BM25 (k1 = 1.2, b = 0.75). Looks into the index of postings only,
-- and says how, since the planner does not know that fetching each row from its table is what must not be.
--
-- Cost: 1 to 2 microseconds for an entry of the index. Rare terms give the candidates, up to 3,000 entries; a term that
-- would go beyond that is looked up for the best of these only. Where the rarest term alone has more, the latest 8,000 of
-- its chunks are looked at, unless in a folder. So a query costs about the same however large the index is, but for a look into each band.
--
-- `gains`: what each term adds to a score at most. `chunks`: in how many it occurs, as `memory_frequencies` says.
create function memory_candidates(terms text[], gains float8[], chunks float8[], most integer, folder text)
  returns table (id bigint, path text, number integer, score float8) language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set enable_hashjoin = off
  set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  budget  constant float8 := 3000;
  kept    constant integer := greatest(200, most);
  known   float8;
  average float8;
  latest  integer[] := (select array_agg(band order by band desc) from memory_bands() m, unnest(m.bands) as band);
  rare    text[];
  greater float8[];
  common  text[];
  lesser  float8[];
  within  bigint[];
  narrow  boolean := false;
begin
  select sum(t.chunks), sum(t.length) into known, average from memory_total t;
  if latest is null or coalesce(known, 0) <= 0 then return; end if;
  average := greatest(1, average / known);

  with asked as (
    select a.term, a.gain, sum(a.n) over (order by a.n, a.term) as upto, row_number() over (order by a.n, a.term) as place
      from unnest(terms, gains, chunks) as a (term, gain, n)
     where a.n > 0
  )
  select array_agg(a.term) filter (where upto <= budget or place = 1),
         array_agg(a.gain) filter (where upto <= budget or place = 1),
         array_agg(a.term) filter (where upto > budget and place > 1),
         array_agg(a.gain) filter (where upto > budget and place > 1)
    into rare, greater, common, lesser from asked a;

  if folder <> '' then
    within := array(select c.id from memory_chunk c where c.path >= folder || '/' and c.path < folder || '0' limit 5001);
    narrow := cardinality(within) <= 5000;
  end if;

  return query
    with allowed as materialized (
      select unnest(within) as id where narrow
    ), entry as (
      select b.band::bigint * 4096 + p.slot as id,
             a.gain * (p.mark >> 11) / ((p.mark >> 11) + 0.3::float8 + 0.9::float8 / average * (p.mark & 2047)) as score
        from unnest(rare, greater) as a (term, gain), unnest(latest) as b (band),
          lateral (select p.slot, p.mark from memory_posting p where p.band = b.band and p.term = a.term offset 0) as p
       limit case when folder = '' then 8000 end
    ), hit as (
      select e.id, sum(e.score) as score from entry e group by e.id order by sum(e.score) desc offset 0
    ), candidate as materialized (
      select h.id, h.score from hit h
       where folder = '' or narrow and h.id in (select a.id from allowed a) or not narrow and (
         select c.path >= folder || '/' and c.path < folder || '0' from memory_chunk c where c.id = h.id offset 0)
       limit kept
    ), best as (
      select c.id, c.score + coalesce((
          select sum(a.gain * (p.mark >> 11) / ((p.mark >> 11) + 0.3::float8 + 0.9::float8 / average * (p.mark & 2047)))
            from unnest(common, lesser) as a (term, gain), lateral (
              select p.mark from memory_posting p
               where p.band = c.id >> 12 and p.term = a.term and p.slot = (c.id & 4095)::smallint offset 0) as p), 0) as score
        from candidate c
       order by 2 desc, 1
       limit most
    )
    select b.id, c.path, c.number, b.score from best b join memory_chunk c on c.id = b.id
     order by b.score desc, b.id;
end $$;

-- What was there before this step.
select memory_index(document) from memory_document as document;
