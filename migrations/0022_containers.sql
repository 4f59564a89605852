-- The container of a job: enough to go on with it after a restart, and to let nobody else speak for it.
create table job_container (
  job_id         text primary key,
  mode           text not null,
  -- The effect of the job that it works for now, and how many containers that has had.
  effect_id      text not null,
  tries          integer not null,
  -- Of all effects.
  attempt        integer not null,
  -- Null until it runs, and between two of them.
  container_id   text,
  -- SHA-256 of the token that the container was given. Null: nobody may speak for this job.
  token_hash     bytea,
  socket_folder  text not null,
  state_folder   text not null,
  created_at     timestamptz not null,
  -- No later than this it is stopped.
  deadline       timestamptz,
  -- What the work itself said its end was. Once for each effect.
  told           jsonb,
  -- How the effect ended, whoever ended it: asked again, it is answered with this.
  outcome        jsonb,
  -- The latest that it said it was at, and what a foreign program calls what it did so far.
  status         text not null default '',
  session        text,
  -- The highest number of its events, and how much they hold.
  last_event     bigint not null default 0,
  event_bytes    bigint not null default 0,
  tokens         bigint not null default 0,
  cost           bigint not null default 0
);

-- What was said to a job that works in a container. Read by number.
create table job_prompt (
  job_id      text not null,
  seq         integer not null,
  external_id text not null,
  content     text not null,
  -- Whose words these are, where they are not the user's.
  origin      text,
  done        boolean not null,
  at          timestamptz not null,
  primary key (job_id, seq),
  unique (job_id, external_id)
);
