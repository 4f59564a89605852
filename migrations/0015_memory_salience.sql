-- What keeps memory small: what is used, and the steps by which it was tidied, each of which can be undone.

-- How often a passage of what may fade was put before a model. `passage`: the key of a line; empty: some part of the
-- document, or all of it. No foreign key: a use is committed with a turn, which must not fail because its document went.
create table memory_use (
  path         text collate "C" not null,
  passage      text not null,
  uses         integer not null,
  last_used_at timestamptz not null,
  primary key (path, passage)
);

create function memory_follow_uses() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into memory_use select new.path, passage, uses, last_used_at from memory_use where path = old.path
      on conflict do nothing;
  end if;
  delete from memory_use where path = old.path;
  return null;
end $$;
create trigger memory_forget_uses after delete on memory_document
  for each row execute function memory_follow_uses();
create trigger memory_move_uses after update of path on memory_document
  for each row when (old.path <> new.path) execute function memory_follow_uses();

-- `before`: each document that was changed or removed, whole; null where it was forgotten or is too old, and cannot be
-- undone any more. `after`: what the step made of each of `paths`: a mark of its text and its version; null where there is
-- none. `inherited`: provenance that lines which stay took over from lines that went.
create table memory_step (
  id        text primary key,
  run       text not null,
  at        timestamptz not null,
  action    text not null check (action in ('merge', 'fold', 'evict', 'expire')),
  paths     text[] not null,
  reason    text not null,
  before    jsonb,
  after     jsonb,
  inherited jsonb not null default '[]',
  undone_at timestamptz
);
create index memory_step_at on memory_step (at desc, id desc);

-- The one process that tidies, and when that was last done to the end.
create table memory_tidying (
  one      boolean primary key default true check (one),
  holder   text,
  until    timestamptz not null default '-infinity',
  ended_at timestamptz
);
insert into memory_tidying default values;

create function memory_mark(wanted text) returns text language sql stable as $$
  select md5(content || origins::text) from memory_document where path = wanted
$$;

-- A document as it is, with all that would go with it.
create function memory_snapshot(wanted text, with_versions boolean) returns jsonb language sql stable as $$
  select jsonb_build_object(
           'document', to_jsonb(d) - 'search',
           'versions', case when with_versions
             then coalesce((select jsonb_agg(to_jsonb(v)) from memory_version v where v.path = d.path), '[]')
             else '[]' end,
           'passages', coalesce((select jsonb_agg(to_jsonb(p)) from memory_passage p where p.path = d.path), '[]'),
           'uses', coalesce((select jsonb_agg(to_jsonb(u)) from memory_use u where u.path = d.path), '[]'))
    from memory_document d where d.path = wanted
$$;

-- Puts a document back as a snapshot has it. Its versions go on; its date is the old one.
create function memory_restore(snapshot jsonb, moment timestamptz) returns void language plpgsql as $$
declare
  was     jsonb := snapshot -> 'document';
  place   text := was ->> 'path';
  columns text;
begin
  update memory_document
     set content = was ->> 'content', origins = was -> 'origins', path_origins = was -> 'path_origins',
         source = nullif(was -> 'source', 'null'), version = version + 1,
         updated_at = (was ->> 'updated_at')::timestamptz
   where path = place;
  if not found then
    select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
     where attrelid = 'memory_document'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
       and was ? attname;
    execute format('insert into memory_document (%1$s) select %1$s from jsonb_populate_record(null::memory_document, $1)',
                   columns) using was;
    insert into memory_version
      select r.* from jsonb_populate_recordset(null::memory_version, snapshot -> 'versions') r on conflict do nothing;
  end if;
  insert into memory_version (path, version, content, changed_at, origins)
    select path, version, content, moment, origins from memory_document where path = place on conflict do nothing;
  delete from memory_passage where path = place;
  insert into memory_passage
    select r.* from jsonb_populate_recordset(null::memory_passage, snapshot -> 'passages') r
     where exists (select from memory_source s where s.id = r.source_id)
    on conflict do nothing;
  -- The trigger noted who wrote it just now; nobody did.
  delete from memory_source s
   where s.path = place and not exists (select from memory_passage p where p.source_id = s.id);
  insert into memory_use
    select r.* from jsonb_populate_recordset(null::memory_use, snapshot -> 'uses') r on conflict do nothing;
end $$;

-- `done`, or why not: `missing`, `undone`, `gone` (what was there is not kept any more), or `changed` with the document
-- that is not as the step left it. One that was only added to since is put back with what was added.
create function memory_undo_step(wanted text, moment timestamptz) returns text language plpgsql as $$
declare
  step    memory_step;
  made    text[];
  place   text;
  left_as jsonb;
  former  text;
  mark    text;
  added   text;
  grown   jsonb := '{}';
begin
  select * into step from memory_step where id = wanted for update;
  if not found then return 'missing'; end if;
  if step.undone_at is not null then return 'undone'; end if;
  if step.before is null then return 'gone'; end if;
  perform from memory_document where path = any (step.paths) order by path for update;

  for place, left_as in select key, value from jsonb_each(step.after) order by key loop
    mark := memory_mark(place);
    if mark is not distinct from left_as ->> 'mark' then continue; end if;
    former := (select b -> 'document' ->> 'content' from jsonb_array_elements(step.before) b
                where b -> 'document' ->> 'path' = place);
    added := (select substr(d.content, length(rtrim(v.content, E'\n')) + 1)
                from memory_document d join memory_version v on v.path = d.path
               where d.path = place and v.version = (left_as ->> 'version')::integer
                 and starts_with(d.content, rtrim(v.content, E'\n') || E'\n'));
    if former is null or added is null then return 'changed ' || place; end if;
    grown := grown || jsonb_build_object(place, rtrim(former, E'\n') || added);
  end loop;

  made := array(select unnest(step.paths) except
                select b -> 'document' ->> 'path' from jsonb_array_elements(step.before) b);
  delete from memory_document where path = any (made);
  delete from memory_version where path = any (made);
  delete from memory_passage where path = any (made);
  delete from memory_passage p using jsonb_to_recordset(step.inherited) as i (path text, hash text, source_id bigint)
   where p.path = i.path and p.hash = i.hash and p.source_id = i.source_id;
  perform memory_restore(b, moment) from jsonb_array_elements(step.before) b
    where not grown ? (b -> 'document' ->> 'path');
  -- Lines that come back have their sources still: see `gone` in memory_passage.
  for place, former in select key, value from jsonb_each_text(grown) loop
    update memory_document set content = former, version = version + 1 where path = place;
    insert into memory_version (path, version, content, changed_at, origins)
      select path, version, content, moment, origins from memory_document where path = place on conflict do nothing;
  end loop;
  update memory_step set undone_at = moment where id = wanted;
  return 'done';
end $$;

-- Takes out of the steps what was forgotten, so that undoing cannot bring it back: steps that touched one of the
-- documents, or hold a line that one of the sources (`memory_source.id`) brought. Sources that nothing else needs go too.
create function memory_purge_steps(forgotten text[], sources bigint[]) returns integer language plpgsql as $$
declare
  purged integer;
begin
  with doomed as (
    select id from memory_step s
     where s.before is not null
       and (s.paths && forgotten
            or exists (select from jsonb_array_elements(s.before) b, jsonb_array_elements(b -> 'passages') p
                        where (p ->> 'source_id')::bigint = any (sources)))
  )
  update memory_step s set before = null, after = null, inherited = '[]',
         reason = 'What this was about has been forgotten.'
    from doomed where s.id = doomed.id;
  get diagnostics purged = row_count;
  return purged;
end $$;
