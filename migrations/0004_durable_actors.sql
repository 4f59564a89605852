-- Each opening of an actor begins a life, and only the latest life may commit. `version` is that of the machine that
-- stored the snapshot. `crash` is what the latest life crashed on since the last commit, as far as it could say.
alter table actor
  add column life    bigint not null default 0,
  add column version integer not null default 1,
  add column crash   jsonb;

-- What may have happened and must not be repeated is called `once`.
alter table effect drop constraint effect_class_check;
update effect
   set class = 'once',
       request = case when request #>> '{params,effect}' = 'unsafe'
                      then jsonb_set(request, '{params,effect}', '"once"') else request end
 where class = 'unsafe';
alter table effect add constraint effect_class_check check (class in ('pure', 'idempotent', 'once'));

-- An event that an actor crashed on again and again, put aside so that the actor could go on. `seq` is the number of
-- the actor's last journal row before it.
create table dead_letter (
  id        bigint generated always as identity primary key,
  actor_key text not null,
  seq       bigint not null,
  event     jsonb not null,
  error     text not null,
  parked_at timestamptz not null
);
create index dead_letter_actor on dead_letter (actor_key, id);
