-- The keys that secrets were encrypted with, never the keys themselves. `id` is derived from the key and tells whether a
-- key is the right one; `source` is where it came from. `next` is the one that a rotation is moving to.
create table master_key (
  id      text primary key,
  source  text not null,
  state   text not null check (state in ('current', 'next', 'retired')),
  made_at timestamptz not null
);
create unique index master_key_in_use on master_key (state) where state <> 'retired';

-- One secret a row. Every column is bound to the ciphertext: a row in which one was changed cannot be decrypted.
create table secret (
  owner      text not null,
  name       text not null,
  version    bigint not null,
  key_id     text not null references master_key (id),
  salt       bytea not null,
  nonce      bytea not null,
  ciphertext bytea not null,
  set_at     timestamptz not null,
  expires_at timestamptz,
  primary key (owner, name)
);
create index secret_key on secret (key_id);

-- How often a tool sent a secret to a host, and when last. Also of secrets that are not in the vault.
create table secret_use (
  owner        text not null,
  name         text not null,
  tool         text not null,
  host         text not null,
  uses         bigint not null,
  last_used_at timestamptz not null,
  primary key (owner, name, tool, host)
);
