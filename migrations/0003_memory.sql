-- The workspace: documents by path, each overwrite keeping what was there before.
create table memory_document (
  path       text primary key,
  content    text not null,
  version    integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search     tsvector generated always as (
    setweight(to_tsvector('simple', translate(path, '/._-', '    ')), 'A') || to_tsvector('english', content)
  ) stored
);
create index memory_document_search on memory_document using gin (search);

create table memory_version (
  path       text not null,
  version    integer not null,
  content    text not null,
  changed_at timestamptz not null,
  primary key (path, version)
);

create table setting (
  key        text primary key,
  value      jsonb not null,
  updated_at timestamptz not null
);
