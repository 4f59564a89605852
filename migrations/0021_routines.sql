-- Routines, the ledger of their due times, and their runs.
create table routine (
  id                   text primary key,
  -- Under which it was ordered: the same again is the same routine.
  external_id          text not null unique,
  name                 text not null unique,
  description          text not null,
  enabled              boolean not null,
  kind                 text not null check (kind in ('cron', 'event', 'system_event', 'webhook', 'manual')),
  trigger              jsonb not null,
  action               jsonb not null,
  guardrails           jsonb not null,
  notify               jsonb not null,
  conversation_id      text,
  written_by           text not null check (written_by in ('user', 'model')),
  origins              jsonb not null,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  -- Since when trigger and action are as they are, and it is on: what happened before is not its business.
  defined_at           timestamptz not null,
  armed_at             timestamptz not null,
  -- Every due time up to this one is in the ledger.
  accounted_until      timestamptz,
  next_due_at          timestamptz,
  last_run_at          timestamptz,
  last_status          text,
  run_count            integer not null default 0,
  consecutive_failures integer not null default 0,
  verified             boolean not null default false,
  disabled_reason      text
);
create index routine_due_next on routine (next_due_at) where enabled and next_due_at is not null;
create index routine_listening on routine (kind) where enabled and kind in ('event', 'system_event', 'webhook');

-- What became of a due time. A row that stands for more than one names the last of them.
create table routine_due (
  routine_id text not null references routine (id) on delete cascade,
  due_at     timestamptz not null,
  state      text not null check (state in ('claimed', 'fired', 'skipped', 'missed', 'coalesced')),
  reason     text,
  run_id     text,
  last_at    timestamptz not null,
  times      integer not null default 1,
  primary key (routine_id, due_at)
);
create index routine_due_claimed on routine_due (run_id) where state = 'claimed';

create table routine_run (
  id              text primary key,
  routine_id      text not null references routine (id) on delete cascade,
  kind            text not null,
  cause           text not null,
  due_at          timestamptz,
  -- What came with the event, for the model; and whose words it holds.
  told            text,
  origins         jsonb not null,
  -- The routines whose runs led to this one, the first cause first.
  caused_by       text[] not null,
  content_hash    text,
  -- It waits where others would be skipped: a person wants it, or its time was missed and is made up for.
  patient         boolean not null,
  queued_at       timestamptz not null,
  -- Not before: the due time with its jitter.
  ready_at        timestamptz not null,
  started_at      timestamptz,
  completed_at    timestamptz,
  status          text not null check (status in ('queued', 'running', 'ok', 'attention', 'failed', 'cancelled')),
  summary         text,
  tokens_used     bigint not null default 0,
  job_id          text,
  conversation_id text,
  late_ms         integer,
  -- It was ended from outside, and its conversation or job is still to be stopped.
  halting         boolean not null default false
);
create index routine_run_of on routine_run (routine_id, queued_at desc);
create index routine_run_queued on routine_run (ready_at) where status = 'queued';
create index routine_run_running on routine_run (routine_id) where status = 'running';
create index routine_run_halting on routine_run (id) where halting;
create index routine_run_content on routine_run (routine_id, content_hash, queued_at) where content_hash is not null;

-- How far the inbox was read for messages that routines wait for.
create table routine_reader (
  one      boolean primary key default true check (one),
  inbox_id text not null
);
