-- What model calls cost. Amounts are millionths of a US dollar: whole numbers, so that sums are exact.

-- One call a row. While it runs, `reserved` is the most that it may cost and `scopes` says which budgets hold that; once
-- it is paid for, `spent` is what it did cost and `scopes` is null. A call that never ended keeps its reservation.
create table spend (
  effect_id          text primary key,
  conversation_id    text not null,
  turn_id            text not null,
  at                 timestamptz not null,
  model              text,
  input_tokens       bigint not null default 0,
  output_tokens      bigint not null default 0,
  cache_read_tokens  bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  spent              bigint not null default 0,
  reserved           bigint not null default 0,
  scopes             text[]
);
create index spend_at on spend (at);

-- The sums. `scope` names a budget and its period: `user-day/2026-11-21`, `user-month/2026-11`, `conversation/ID`,
-- `turn/ID`, `agent/ID`. Ordered by bytes, because rows are locked in this order everywhere.
create table budget (
  scope     text collate "C" primary key,
  spent     bigint not null default 0,
  reserved  bigint not null default 0,
  -- 0: none. As whoever pays from it last knew it; agents below read it here.
  allowance bigint not null default 0,
  -- What the user added to it.
  added     bigint not null default 0,
  -- The call that was warned that it is nearly used up.
  warned_by text,
  -- Of an agent: the budgets of those who gave it its order.
  above     text[],
  at        timestamptz not null
);
-- Every budget that a call counts in: its own (the last of them is an agent's, where `parent` is given), and those
-- above an agent that was ordered by another.
create function payer_scopes(own text[], allowances bigint[], agent text, parent text)
returns table (scope text, allowance bigint, above text[]) language sql stable as $$
  with mine as (select * from unnest(own, allowances) as mine (scope, allowance)),
       inherited as (
         select unnest(b.above || b.scope::text) as scope from budget b where b.scope = parent
         union select parent where parent is not null
       ),
       every as (
         select scope, allowance from mine
         union all
         select scope, null from inherited where scope not in (select scope from mine)
       )
  select scope, allowance,
         case when scope = agent
              then array(select e.scope from every e where e.scope <> agent and e.scope not like 'user-%') end
    from every
$$;

-- Sets aside the most that a call may cost, in all of its budgets or, where one of them does not cover it, in none.
-- Whoever was first holds the rows until the end of his transaction, and what follows sees what he left.
-- Answers {"warnings": [...]} or {"refused": {...}}.
create function reserve_spend(
  call_id text, of_conversation text, of_turn text, moment timestamptz, amount bigint,
  own text[], allowances bigint[], agent text, parent text
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
  every    text[];
  held     bigint := 0;
  holders  text[] := '{}';
  refusal  jsonb;
  warnings jsonb;
begin
  select s.reserved, s.scopes into held, holders from spend s where s.effect_id = call_id for update;
  held := coalesce(held, 0);
  holders := coalesce(holders, '{}');

  with payers as (select * from payer_scopes(own, allowances, agent, parent)),
       made as (
         insert into budget as b (scope, allowance, above, at)
         select scope, coalesce(allowance, 0), above, moment from payers order by scope collate "C"
         on conflict (scope) do nothing
       )
  select array_agg(scope) into every from payers;

  perform from budget b where b.scope = any (every || holders) order by b.scope for update;
  update budget b set allowance = coalesce(p.allowance, b.allowance), above = coalesce(p.above, b.above)
    from payer_scopes(own, allowances, agent, parent) p
   where b.scope = p.scope
     and (b.allowance is distinct from coalesce(p.allowance, b.allowance)
          or b.above is distinct from coalesce(p.above, b.above));

  select jsonb_build_object('scope', b.scope, 'allowance', b.allowance, 'added', b.added, 'used', u.used)
    into refusal
    from budget b
    cross join lateral (
      select b.spent + b.reserved - case when b.scope = any (holders) then held else 0 end as used
    ) u
   where b.scope = any (every) and b.allowance > 0 and u.used + amount > b.allowance + b.added
   order by array_position(array['user-day', 'user-month', 'conversation', 'turn', 'agent'],
                           split_part(b.scope, '/', 1)), b.scope
   limit 1;
  if refusal is not null then
    return jsonb_build_object('refused', refusal);
  end if;

  update budget b
     set reserved = b.reserved
                    - case when b.scope = any (holders) then held else 0 end
                    + case when b.scope = any (every) then amount else 0 end,
         at = moment
   where b.scope = any (every || holders);

  insert into spend as s (effect_id, conversation_id, turn_id, at, reserved, scopes)
  values (call_id, of_conversation, of_turn, moment, amount, every)
  on conflict (effect_id) do update set at = excluded.at, reserved = excluded.reserved, scopes = excluded.scopes;

  with warned as (
    update budget b set warned_by = call_id
     where b.scope = any (every) and b.allowance > 0
       and (b.spent + b.reserved) * 5 >= (b.allowance + b.added) * 4
       and (b.warned_by is null or b.warned_by = call_id)
    returning b.scope, b.allowance, b.added, b.spent + b.reserved as used
  )
  select jsonb_agg(jsonb_build_object('scope', scope, 'allowance', allowance, 'added', added, 'used', used)
                   order by scope)
    into warnings from warned;
  return jsonb_build_object('warnings', coalesce(warnings, '[]'));
end $$;
