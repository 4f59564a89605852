-- Work that goes on by itself. The row is what queues, lists and limits are made from; what happened to a job, with
-- time and reason, is the journal of its actor `job/ID`.
create table job (
  id             text primary key,
  -- Given by whoever ordered it: the same again is the same job.
  external_id    text not null unique,
  user_id        text not null,
  parent_id      text references job (id),
  -- How many jobs stand above it.
  depth          smallint not null,
  title          text not null,
  description    text not null,
  work           jsonb not null,
  priority       text not null,
  -- The place of its priority: the less the sooner.
  rank           smallint not null,
  project_dir    text not null,
  limits         jsonb not null,
  tools          jsonb not null,
  credentials    jsonb not null,
  ordered_by     jsonb not null,
  origins        jsonb not null,
  -- Somebody is there to be asked.
  may_ask        boolean not null,
  -- Whoever ordered it waits for its end, and nobody else is told of it.
  awaited        boolean not null,
  -- Of the message that its order is.
  order_id       text,
  state          text not null default 'pending' check (state in
                   ('pending', 'inProgress', 'completed', 'submitted', 'accepted', 'failed', 'stuck', 'cancelled')),
  -- Times that it was taken up again after it had been stuck.
  attempts       integer not null default 0,
  -- The jobs whose end its work waits for; meanwhile it holds no slot.
  waits_for      text[],
  -- Events in `job_event`.
  events         integer not null default 0,
  result         text,
  result_origins jsonb not null default '[]',
  tokens         bigint not null default 0,
  cost           bigint not null default 0,
  created_at     timestamptz not null,
  started_at     timestamptz,
  completed_at   timestamptz,
  -- When it last did something that was noted here; a conversation notes its own.
  progress_at    timestamptz
);
create index job_waiting on job (user_id, rank, depth desc, id) where state = 'pending';
create index job_holding on job (user_id) where state in ('inProgress', 'stuck');
create index job_children on job (parent_id, id) where parent_id is not null;

-- What a job did or said whose work is not a conversation here. `key`: given by whoever tells it; the same key of the
-- same job again is the same event. `seq` is a cursor, from 1 without gaps.
create table job_event (
  job_id text not null references job (id),
  seq    integer not null,
  key    text not null,
  at     timestamptz not null,
  type   text not null check (type in ('message', 'reasoning', 'tool_use', 'tool_result', 'status', 'result')),
  data   jsonb not null,
  primary key (job_id, seq),
  unique (job_id, key)
);
