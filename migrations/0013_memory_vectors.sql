-- What the chunks of memory mean, as vectors. A chunk's text never changes under its id, so its vector never does either;
-- both go together.

-- Whose vectors there are. `settings`: how that model is asked, to go on asking it while another takes its place.
create table memory_model (
  id           integer generated always as identity primary key,
  name         text not null unique,
  settings     jsonb not null,
  -- Known from its first answer.
  dimensions   integer,
  -- Every chunk had its vector once, so that it may be searched alone.
  complete     boolean not null default false,
  -- Its table and index of the vector extension hold all that is here.
  indexed      boolean not null default false,
  -- Which process makes vectors at the moment: a second one would only make the same.
  leased_by    text,
  leased_until timestamptz
);

create table memory_embedding (
  model_id integer not null references memory_model (id) on delete cascade,
  chunk_id bigint not null references memory_chunk (id) on delete cascade,
  -- One signed byte a dimension; the scale is dropped.
  vector   bytea not null,
  -- Which transaction wrote it: whoever holds vectors in memory asks for those that are new.
  written  xid8 not null default pg_current_xact_id(),
  primary key (model_id, chunk_id)
);
-- It is all noise: nothing to compress.
alter table memory_embedding alter column vector set storage external;
create index memory_embedding_chunk on memory_embedding (chunk_id);
create index memory_embedding_written on memory_embedding (model_id, written);
