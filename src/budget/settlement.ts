import type { Usage } from '../core/journal.ts';
import type { Statement } from '../storage/index.ts';
import { type Payer, type Payers, payersParams } from './payer.ts';

/** A model call that has ended. */
export interface PaidCall {
  readonly effectId: string;
  readonly payer: Payer;
  /** The name of the model that answered. */
  readonly model: string;
  readonly usage: Usage;
  /** What it cost, in millionths of a US dollar; undefined where the price is not known. */
  readonly microUsd: number | undefined;
}

/**
 * The cost takes the reservation's place, in the budgets that hold it. Where there was none it counts in those of now;
 * an unknown one is then nothing to write down. Calls of one effect add up.
 */
export function settleStatement(call: PaidCall, payers: Payers, at: string): Statement {
  const { effectId, payer, model, usage, microUsd } = call;
  return {
    sql: SETTLE,
    params: [
      effectId,
      payer.conversationId,
      payer.turnId,
      at,
      // A call that no price is known of is not one that was paid for.
      microUsd === undefined ? null : model,
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens ?? 0,
      usage.cacheWriteTokens ?? 0,
      microUsd ?? 0,
      microUsd !== undefined,
      ...payersParams(payers),
    ],
  };
}

const SETTLE = `
  with held as (select reserved, scopes from spend where effect_id = $1::text and scopes is not null),
       payers as (
         select scope, allowance, above
           from payer_scopes($12::text[], $13::bigint[], $14::text, $15::text)
          where $11::boolean and not exists (select from held)
         union all
         select unnest(scopes), null, null from held
       ),
       paid as (
         insert into spend as s (effect_id, conversation_id, turn_id, at, model, input_tokens, output_tokens,
                                 cache_read_tokens, cache_write_tokens, spent)
         select $1::text, $2::text, $3::text, $4::text::timestamptz, $5::text, $6::bigint, $7::bigint, $8::bigint,
                $9::bigint, $10::bigint
          where $11::boolean or exists (select from held)
         on conflict (effect_id) do update
            set model = coalesce(excluded.model, s.model),
                input_tokens = s.input_tokens + excluded.input_tokens,
                output_tokens = s.output_tokens + excluded.output_tokens,
                cache_read_tokens = s.cache_read_tokens + excluded.cache_read_tokens,
                cache_write_tokens = s.cache_write_tokens + excluded.cache_write_tokens,
                spent = s.spent + excluded.spent,
                reserved = 0,
                scopes = null
       )
  insert into budget as b (scope, spent, allowance, above, at)
  select scope, $10::bigint, coalesce(allowance, 0), above, $4::text::timestamptz
    from payers order by scope collate "C"
  on conflict (scope) do update
     set spent = b.spent + excluded.spent,
         reserved = b.reserved - coalesce((select reserved from held), 0),
         above = coalesce(excluded.above, b.above),
         at = excluded.at`;
