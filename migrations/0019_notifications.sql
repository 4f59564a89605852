-- What the user is to be told that they did not ask for just now. Written in the commit that makes it true; told by the
-- notifier, which settles each row once: `told` (an input of the inbox carries it from there), `merged` into another,
-- or `muted` by the user's own rules.
create table notification (
  id              bigint generated always as identity primary key,
  key             text not null unique,
  kind            text not null,
  source          text not null,
  text            text not null,
  conversation_id text,
  origins         jsonb not null,
  at              timestamptz not null,
  state           text not null default 'waiting' check (state in ('waiting', 'told', 'merged', 'muted')),
  settled_at      timestamptz
);
create index notification_waiting on notification (id) where state = 'waiting';
