-- Nodes, leases, durable actors and their journals. One node runs today and its epoch is constant; the columns
-- that many nodes need are here from the start.

create table node (
  id           text primary key,
  address      text not null,
  epoch        bigint not null,
  version      text not null,
  draining     boolean not null default false,
  heartbeat_at timestamptz not null default now()
);

create table shard_lease (
  shard      smallint primary key check (shard between 0 and 255),
  owner      text references node (id),
  epoch      bigint not null default 0,
  expires_at timestamptz not null default '-infinity'
);

-- A durable actor. `seq` is the number of its last journal row; a commit that does not follow on it, or comes
-- from an older epoch, writes nothing (fencing). `snapshot` is its statechart while it has work, else null.
create table actor (
  key        text primary key,
  shard      smallint not null check (shard between 0 and 255),
  kind       text not null,
  seq        bigint not null default 0,
  epoch      bigint not null default 1,
  snapshot   jsonb,
  -- Activations since the last commit: an actor that dies again and again on the same step is given up.
  attempts   integer not null default 0,
  updated_at timestamptz not null default now()
);
create index actor_with_work on actor (shard) where snapshot is not null;
create index actor_recent on actor (updated_at desc);

create table journal (
  actor_key text not null,
  seq       bigint not null,
  at        timestamptz not null,
  type      text not null,
  payload   jsonb not null,
  primary key (actor_key, seq)
);

-- Everything accepted from outside, before it was acknowledged. Open while `done_at` is null.
create table inbox (
  id          text primary key,
  channel     text not null,
  external_id text not null,
  shard       smallint not null check (shard between 0 and 255),
  actor_key   text not null,
  payload     jsonb not null,
  accepted_at timestamptz not null,
  done_at     timestamptz,
  unique (channel, external_id)
);
create index inbox_open on inbox (actor_key, id) where done_at is null;

-- What an actor does to the world: written as intended before it is begun, as done together with its outcome.
-- The id is `actor key:seq:place`.
create table effect (
  id          text primary key,
  actor_key   text not null,
  kind        text not null,
  class       text not null check (class in ('pure', 'idempotent', 'unsafe')),
  request     jsonb not null,
  state       text not null check (state in ('intended', 'done')),
  intended_at timestamptz not null,
  done_at     timestamptz
);
create index effect_open on effect (actor_key) where state = 'intended';

-- Replies on their way to a channel: prepared -> sending -> delivered | unknown.
create table outbox (
  id           text primary key,
  shard        smallint not null check (shard between 0 and 255),
  actor_key    text not null,
  channel      text not null,
  payload      jsonb not null,
  state        text not null check (state in ('prepared', 'sending', 'delivered', 'unknown')),
  prepared_at  timestamptz not null,
  delivered_at timestamptz
);
create index outbox_open on outbox (shard, id) where state in ('prepared', 'sending');
