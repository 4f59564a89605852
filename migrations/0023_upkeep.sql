-- Where a notification was told; null where it was not.
alter table notification add column told_in text;

-- Beats of the heart that asked a model, each once: claimed before the model is asked, under the time when it was due.
-- A `wanted` one was asked for by a person and has not begun.
create table heartbeat_beat (
  due_at     timestamptz primary key,
  state      text not null check (state in ('wanted', 'claimed', 'silent', 'told', 'failed')),
  attempts   integer not null default 0,
  started_at timestamptz,
  ended_at   timestamptz,
  -- What it said, or why it failed.
  detail     text
);
create index heartbeat_open on heartbeat_beat (due_at) where state in ('wanted', 'claimed');

-- What is done now and then: when it was last done to its end, with a report for people. One process at a time does it;
-- `holder` has it until `until`.
create table upkeep (
  name    text primary key,
  last_at timestamptz,
  report  jsonb,
  holder  text,
  until   timestamptz not null default '-infinity'
);

-- Where a tool from outside was installed from.
create table tool_source (
  tool text primary key,
  path text not null,
  at   timestamptz not null
);

-- Tools from outside that failed by their own fault. `error_count`: in a row, with this version; a success sets it to 0.
create table tool_failure (
  tool            text primary key,
  version         text not null,
  error_count     integer not null,
  last_error      text not null,
  last_at         timestamptz not null,
  -- Where it failed last, and where the user is told.
  conversation_id text not null,
  -- Since when it counts as broken; null: it does not.
  broken_at       timestamptz,
  repair_attempts integer not null default 0,
  -- The job of the latest attempt, and what came of it.
  repair_job      text,
  last_result     text,
  repaired_at     timestamptz
);
