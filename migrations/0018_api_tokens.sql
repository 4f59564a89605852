-- Tokens that programs show to the gateway instead of its own. Only the SHA-256 of a token is kept; one that is taken
-- back is removed.
create table api_token (
  id           text primary key,
  name         text not null,
  -- The first characters of the token, so that a person can tell it from others.
  prefix       text not null,
  hash         text not null unique,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  last_used_at timestamptz
);
