create table conversation (
  id         text primary key,
  channel    text not null,
  title      text,
  created_at timestamptz not null
);

create table approval (
  id              text primary key,
  conversation_id text not null references conversation (id),
  tool            text not null,
  arguments       jsonb not null,
  reason          text not null,
  allow_always    boolean not null,
  requested_at    timestamptz not null,
  decision        text check (decision in ('once', 'always', 'deny', 'withdrawn')),
  decision_reason text,
  decided_at      timestamptz
);
create index approval_pending on approval (conversation_id) where decision is null;

-- A stored "always". Revoked ones are kept for the record.
create table tool_grant (
  id          text primary key,
  tool        text not null,
  scope       text not null,
  approval_id text not null,
  granted_at  timestamptz not null,
  revoked_at  timestamptz
);
create unique index tool_grant_live on tool_grant (tool, scope) where revoked_at is null;
