-- What users and assistant said can be searched in every conversation, by the beginnings of words. The index is kept up
-- by the commit that writes the entry; its short pending list keeps that cheap, and merging it into the index as well.

-- What an entry says, of its first 20,000 characters. Signs that would join words to one token separate them; each sign
-- of a script that does without spaces becomes a word.
create function journal_said(type text, payload jsonb) returns text
  language plpgsql immutable parallel safe as $$
declare
  said text := payload ->> 'text';
begin
  if said is null then
    select string_agg(m ->> 'text', E'\n') into said from jsonb_array_elements(payload -> 'messages') as m;
  end if;
  said := translate(left(said, 20000), './-_@:+<>&''"', '            ');
  if octet_length(said) > char_length(said) then
    said := regexp_replace(said, '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g');
  end if;
  return said;
end $$;

create index journal_search on journal using gin (to_tsvector('simple', journal_said(type, payload)))
  with (fastupdate = on, gin_pending_list_limit = 256)
  where type in ('turn.began', 'turn.steered', 'turn.replied', 'notice.posted');

-- Which exchanges were undone or cleared.
create index journal_history on journal (actor_key, seq) where type = 'history.changed';

-- What a message during a turn does here, where the user chose something.
alter table conversation add column while_busy text check (while_busy in ('queue', 'steer', 'interrupt'));
