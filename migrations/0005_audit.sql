-- What was decided about tools from outside and what they did, in the order it was written. `rule` is the rule that
-- refused something, where one did. `detail` holds no secret: addresses, sizes, names, never values.
create table audit (
  id              bigint generated always as identity primary key,
  at              timestamptz not null,
  kind            text not null,
  tool            text not null,
  conversation_id text,
  effect_id       text,
  rule            text,
  message         text not null,
  detail          jsonb not null default '{}'
);
create index audit_tool on audit (tool, id);
