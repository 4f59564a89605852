-- What holds for the documents of a folder: the document `.config` in it, as JSON, read once when it is written. The
-- nearest folder decides, key by key.
create table memory_rule (
  folder text primary key,
  rules  jsonb not null
);

-- What of a `.config` can be used; null where nothing can. It is checked before it is written; what got there past
-- the check, or is corrupt, must not stop those who write beside it.
create function memory_rules_in(content text) returns jsonb language plpgsql immutable as $$
declare
  given   jsonb;
  hygiene jsonb;
begin
  begin
    given := content::jsonb;
  exception when others then
    return null;
  end;
  if jsonb_typeof(given) <> 'object' then return null; end if;
  if jsonb_typeof(given -> 'skip_indexing') is distinct from 'boolean' then given := given - 'skip_indexing'; end if;
  if jsonb_typeof(given -> 'skip_versioning') is distinct from 'boolean' then given := given - 'skip_versioning'; end if;
  hygiene := case when jsonb_typeof(given -> 'hygiene') = 'object' then given -> 'hygiene' else '{}' end;
  if jsonb_typeof(hygiene -> 'enabled') is distinct from 'boolean' then hygiene := hygiene - 'enabled'; end if;
  if not (hygiene @? '$.version_keep_count ? (@.type() == "number" && @ >= 1 && @ <= 1000)') then
    hygiene := hygiene - 'version_keep_count';
  end if;
  if not (hygiene @? '$.retention_days ? (@.type() == "number" && @ >= 1 && @ <= 36500)') then
    hygiene := hygiene - 'retention_days';
  end if;
  return jsonb_set(given, '{hygiene}', hygiene);
end $$;

-- What the nearest folder that says anything of it says. A look at each rule there is: a handful.
create function memory_rule_of(document text, key text[]) returns jsonb language sql stable as $$
  select rules #> key from memory_rule
   where (folder = '' or starts_with(document, folder || '/')) and rules #> key is not null
   order by length(folder) desc limit 1
$$;

-- How many versions are kept of a document, the current one among them.
create function memory_kept_versions(document text) returns integer language sql stable as $$
  select case when memory_rule_of(document, '{skip_versioning}') = 'true' then 1
              else coalesce(round((memory_rule_of(document, '{hygiene,version_keep_count}'))::numeric)::integer, 50)
         end
$$;

create function memory_is_rule(path text) returns boolean language sql immutable parallel safe as $$
  select path = '.config' or path like '%/.config'
$$;

create function memory_is_indexed(document text) returns boolean language sql stable as $$
  select not memory_is_rule(document) and memory_rule_of(document, '{skip_indexing}') is distinct from 'true'
$$;

-- Whoever writes a document, its folder decides whether it can be found. At each change: a rule may have come at the
-- same time as the last.
create function memory_decide_indexed() returns trigger language plpgsql as $$
begin
  new.indexed := memory_is_indexed(new.path);
  return new;
end $$;
create trigger memory_decide_indexed before insert or update of path, content on memory_document
  for each row execute function memory_decide_indexed();

-- Keeps `memory_rule` in step with the documents, and what can be found in step with it. The cost of a change of a
-- rule is that of indexing the documents that it concerns.
create function memory_follow_rules() returns trigger language plpgsql as $$
declare
  place text;
  said  jsonb;
begin
  if tg_op <> 'INSERT' and memory_is_rule(old.path) and (tg_op = 'DELETE' or old.path <> new.path) then
    place := left(old.path, greatest(length(old.path) - length('/.config'), 0));
    delete from memory_rule where folder = place;
    update memory_document set indexed = memory_is_indexed(path)
     where (place = '' or starts_with(path, place || '/')) and indexed <> memory_is_indexed(path);
  end if;
  if tg_op <> 'DELETE' and memory_is_rule(new.path) then
    place := left(new.path, greatest(length(new.path) - length('/.config'), 0));
    said := memory_rules_in(new.content);
    if said is null then
      delete from memory_rule where folder = place;
    else
      insert into memory_rule (folder, rules) values (place, said)
        on conflict (folder) do update set rules = excluded.rules;
    end if;
    update memory_document set indexed = memory_is_indexed(path)
     where (place = '' or starts_with(path, place || '/')) and indexed <> memory_is_indexed(path);
  end if;
  return null;
end $$;
create trigger memory_follow_written_rules after insert on memory_document
  for each row when (new.path like '%.config') execute function memory_follow_rules();
create trigger memory_follow_changed_rules after update of path, content on memory_document
  for each row when (old.path like '%.config' or new.path like '%.config') execute function memory_follow_rules();
create trigger memory_follow_deleted_rules after delete on memory_document
  for each row when (old.path like '%.config') execute function memory_follow_rules();

-- A `.config` that was there before was a document like any other, and is a rule now.
update memory_document set content = content where memory_is_rule(path);
update memory_document set indexed = memory_is_indexed(path) where indexed <> memory_is_indexed(path);

-- Other processes on the same database hold what they read of it. One wake-up a transaction, whatever it wrote.
create function memory_tell_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('memory_changed', '');
  return null;
end $$;
create trigger memory_tell_changed after insert or update or delete on memory_document
  for each statement execute function memory_tell_changed();
