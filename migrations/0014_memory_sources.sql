-- Where each line of memory comes from, and what was made of conversations that ended.

-- Who wrote the present version, as the commit that wrote it says: `by`, `conversation`, `turn`, `name`, `origins` (whose
-- words, other than the user's, had a hand in it), `replaced` (it put a text in place of another), `from` (documents
-- that it was made of).
alter table memory_document add column source jsonb;

-- One row for each time that somebody brought new text into a document. `writer` is null where it was not noted.
create table memory_source (
  id              bigint generated always as identity primary key,
  path            text collate "C" not null,
  writer          text,
  conversation_id text,
  turn_id         text,
  name            text,
  at              timestamptz not null,
  origins         jsonb not null default '[]'
);
create index memory_source_path on memory_source (path);
create index memory_source_conversation on memory_source (conversation_id) where conversation_id is not null;
create index memory_source_name on memory_source (name) where name is not null;
create index memory_source_origins on memory_source using gin (origins) where origins <> '[]';

-- Which sources a line has, in the document or in one of its kept versions. `mixed`: it was made of what several sources
-- said, so that none of them brought it alone. `gone`: the first version without it; null while it stands there.
create table memory_passage (
  path      text collate "C" not null,
  hash      text not null,
  source_id bigint not null references memory_source (id) on delete cascade,
  mixed     boolean not null,
  gone      integer,
  primary key (path, hash, source_id)
);
create index memory_passage_source on memory_passage (source_id);

-- The name of a line, whatever white space is around it.
create function memory_line_hash(line text) returns text language sql stable parallel safe as $$
  select left(encode(sha256(convert_to(btrim(line, E' \t\r'), 'UTF8')), 'hex'), 32)
$$;

-- The lines of a text that hold anything, each with a name that is the same wherever it stands.
create function memory_lines(content text) returns table (place integer, line text, hash text)
  language sql stable parallel safe as $$
  select place::integer, line, memory_line_hash(line)
    from string_to_table(content, E'\n') with ordinality as each (line, place)
   where btrim(line, E' \t\r') <> ''
$$;

-- Without these lines; the blank lines that followed them go as well.
create function memory_without(content text, doomed text[]) returns text language sql stable parallel safe as $$
  with named as (
    select place, line,
           case when btrim(line, E' \t\r') <> '' then memory_line_hash(line) end as hash
      from string_to_table(content, E'\n') with ordinality as each (line, place)
  ), judged as (
    select place, line, case when n.hash is not null then g.hash is not null end as goes
      from named n left join (select distinct unnest(doomed) as hash) g on g.hash = n.hash
  ), led as (
    -- A blank line goes with the last line that was not blank.
    select place, line, goes, count(goes) over (order by place) as passage from judged
  ), decided as (
    select place, line, coalesce(bool_or(goes) over (partition by passage), false) as goes from led
  )
  select coalesce(string_agg(line, E'\n' order by place) filter (where not goes), '') from decided
$$;

-- Which of the new lines were made of which of the lines that are gone. A text that was replaced is made of what stood
-- there, line by line where their number is the same. In a document that was written anew, a line is made of another
-- where half the words of the shorter one are in both; that is looked for among 10,000 pairs at most.
create function memory_heirs(former text, latter text, fresh text[], vanished text[], replaced boolean)
returns table (hash text, forebear text) language plpgsql stable as $$
#variable_conflict use_column
begin
  if cardinality(vanished) = 0 then return; end if;
  if replaced and length(former) - length(replace(former, E'\n', ''))
                = length(latter) - length(replace(latter, E'\n', '')) then
    return query
      select l.hash, f.hash from memory_lines(latter) l join memory_lines(former) f using (place)
       where l.hash <> f.hash and l.hash = any (fresh) group by 1, 2;
  elsif replaced then
    return query select l, f from unnest(fresh) l cross join unnest(vanished) f;
  elsif cardinality(fresh) * cardinality(vanished) <= 10000 then
    return query
      with word as (
        select distinct true as is_new, l.hash, w from memory_lines(latter) l,
               string_to_table(lower(regexp_replace(l.line, '[\s[:punct:]]+', ' ', 'g')), ' ') w
         where l.hash = any (fresh) and w <> ''
        union all
        select distinct false, l.hash, w from memory_lines(former) l,
               string_to_table(lower(regexp_replace(l.line, '[\s[:punct:]]+', ' ', 'g')), ' ') w
         where l.hash = any (vanished) and w <> ''
      ), size as (select is_new, hash, count(*) as words from word group by 1, 2)
      select n.hash, o.hash
        from word n join word o on n.is_new and not o.is_new and n.w = o.w
        join size sn on sn.is_new and sn.hash = n.hash
        join size so on not so.is_new and so.hash = o.hash
       group by n.hash, o.hash, sn.words, so.words
      having count(*) * 2 >= least(sn.words, so.words);
  end if;
end $$;

-- Whether a source is the one that wrote the document's present version: in one conversation a line may be written over
-- and over, which makes it no more than one source.
create function memory_is_same(source memory_source, document memory_document) returns boolean
  language sql stable as $$
  select source.path = document.path
         and source.writer is not distinct from document.source ->> 'by'
         and source.conversation_id is not distinct from document.source ->> 'conversation'
         and source.name is not distinct from document.source ->> 'name'
         and source.origins = coalesce(document.source -> 'origins', document.origins)
$$;

-- Whoever writes a document, its new lines are put down to him in the same transaction. Costs a look at the lines of the
-- old text and the new, of an addition at those that were added.
create function memory_attribute() returns trigger language plpgsql as $$
#variable_conflict use_column
declare
  known    text := '';
  former   text := '';
  adds     boolean := true;
  fresh    text[];
  mine     text[];
  vanished text[] := '{}';
  writer   bigint;
begin
  if tg_op = 'UPDATE' then
    if new.path <> old.path then
      update memory_source set path = new.path where path = old.path;
      insert into memory_passage (path, hash, source_id, mixed, gone)
        select new.path, hash, source_id, mixed, gone from memory_passage where path = old.path
        on conflict do nothing;
      delete from memory_passage where path = old.path;
    end if;
    if new.content = old.content then return null; end if;
    former := old.content;
    known := rtrim(former, E'\n');
    adds := known = '' or (starts_with(new.content, known)
                           and substr(new.content, length(known) + 1, 1) in ('', E'\n'));
  end if;

  if adds then
    fresh := array(select distinct hash from memory_lines(substr(new.content, length(known) + 1)));
    mine := array(select unnest(fresh) except
                  select p.hash from memory_passage p join memory_source s on s.id = p.source_id
                   where p.path = new.path and p.hash = any (fresh) and not p.mixed and memory_is_same(s, new));
  else
    fresh := array(select hash from memory_lines(new.content) except select hash from memory_lines(former));
    vanished := array(select hash from memory_lines(former) except select hash from memory_lines(new.content));
    -- What stood there before is brought back, not brought.
    mine := array(select unnest(fresh) except
                  select hash from memory_passage where path = new.path and hash = any (fresh));
  end if;

  update memory_passage set gone = new.version
   where path = new.path and hash = any (vanished) and gone is null;
  update memory_passage set gone = null where path = new.path and hash = any (fresh) and gone is not null;
  -- `memory_kept_versions`: migration 0016. A folder may keep more versions than others, and fewer from now on.
  delete from memory_passage
   where path = new.path and gone <= new.version - greatest(50, memory_kept_versions(new.path));
  if found then
    delete from memory_source s
     where s.path = new.path and not exists (select from memory_passage p where p.source_id = s.id);
  end if;
  if cardinality(mine) = 0 then return null; end if;

  insert into memory_source (path, writer, conversation_id, turn_id, name, at, origins)
    values (new.path, new.source ->> 'by', new.source ->> 'conversation', new.source ->> 'turn', new.source ->> 'name',
            new.updated_at, coalesce(new.source -> 'origins', new.origins))
    returning id into writer;

  with made_of as (
    select p.hash, p.source_id, p.mixed from memory_passage p
     where p.path in (select jsonb_array_elements_text(coalesce(new.source -> 'from', '[]'))) and p.gone is null
  ), moved as (
    -- A line that was taken over as it was keeps the sources that it had.
    select m.hash, m.source_id, bool_and(m.mixed) as mixed from made_of m where m.hash = any (mine) group by 1, 2
  ), rest as (
    select m as hash from unnest(mine) m except select hash from moved
  ), forebear as (
    select h.hash, p.source_id
      from memory_heirs(former, new.content, mine, vanished,
                        coalesce((new.source ->> 'replaced')::boolean, false)) h
      join memory_passage p on p.path = new.path and p.hash = h.forebear
     where h.hash in (select hash from rest)
    union
    select rest.hash, m.source_id from rest cross join (select distinct source_id from made_of) m
  ), distinct_forebear as (
    select distinct on (f.hash, s.path, s.writer, s.conversation_id, s.name, s.origins) f.hash, s.id
      from forebear f join memory_source s on s.id = f.source_id
     where not memory_is_same(s, new)
     order by f.hash, s.path, s.writer, s.conversation_id, s.name, s.origins, s.id desc
  ), inherited as (
    -- A line that is written anew for ever must not know for ever what it was made of.
    select hash, id as source_id
      from (select hash, id, row_number() over (partition by hash order by id desc) as nth from distinct_forebear) f
     where nth <= 100
  )
  insert into memory_passage (path, hash, source_id, mixed)
    select new.path, hash, source_id, mixed from moved
    union all
    select new.path, hash, source_id, true from inherited
    union all
    select new.path, hash, writer, hash in (select hash from inherited) from rest
    on conflict do nothing;
  return null;
end $$;

create trigger memory_attribute_new after insert on memory_document
  for each row execute function memory_attribute();
create trigger memory_attribute_changed after update of path, content on memory_document
  for each row execute function memory_attribute();

-- What was there before: nobody noted who wrote it, and whose words its document holds counts for each of its lines.
with written as (
  insert into memory_source (path, at, origins) select path, updated_at, origins from memory_document
  returning id, path
)
insert into memory_passage (path, hash, source_id, mixed)
  select distinct w.path, l.hash, w.id, false
    from written w join memory_document d using (path), memory_lines(d.content) l;
with written as (
  insert into memory_source (path, at, origins)
    select path, max(changed_at), coalesce((select jsonb_agg(distinct o) from memory_version v,
             jsonb_array_elements(v.origins) o where v.path = memory_version.path), '[]')
      from memory_version group by path
  returning id, path
)
insert into memory_passage (path, hash, source_id, mixed, gone)
  select distinct on (w.path, l.hash) w.path, l.hash, w.id, false, v.version + 1
    from written w join memory_version v using (path), memory_lines(v.content) l
   where not exists (select from memory_passage p where p.path = w.path and p.hash = l.hash)
   order by w.path, l.hash, v.version desc;

-- What must not come back: conversations that are not distilled any more, and sources that nothing is taken from.
create table memory_forgotten (
  kind text not null check (kind in ('conversation', 'source')),
  name text not null,
  at   timestamptz not null,
  primary key (kind, name)
);

-- How far each conversation has been distilled, and whether more of it waits for that.
create table memory_episode (
  conversation_id text primary key,
  upto_seq        bigint not null default 0,
  -- What waits: the entries up to here; null where nothing does.
  due_seq         bigint,
  due_at          timestamptz,
  attempts        integer not null default 0
);
create index memory_episode_due on memory_episode (due_at) where due_seq is not null;
