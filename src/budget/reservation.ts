import { z } from 'zod';
import type { BudgetStop } from '../core/journal.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Statement } from '../storage/index.ts';
import { type Payer, type Payers, payersParams } from './payer.ts';
import { type Exhausted, nameOf } from './scope-name.ts';
import { stopOf } from './stop.ts';
import { formatUsd } from './usd.ts';

/** A model call that is to be paid for. */
export interface Call {
  /** Of the effect that makes it. */
  readonly effectId: string;
  readonly payer: Payer;
  /** The most that it may cost, in millionths of a US dollar. */
  readonly microUsd: number;
}

export interface Reserved {
  /** For the user, where a budget is nearly used up: once for each budget and period. */
  readonly warning?: string;
}

export function reserveStatement({ effectId, payer, microUsd }: Call, payers: Payers, at: string): Statement {
  return {
    sql: `select reserve_spend($1::text, $2::text, $3::text, $4::text::timestamptz, $5::bigint,
                               $6::text[], $7::bigint[], $8::text, $9::text) as outcome`,
    params: [effectId, payer.conversationId, payer.turnId, at, microUsd, ...payersParams(payers)],
  };
}

/** @param outcome what `reserve_spend` answered */
export function readOutcome(outcome: unknown, microUsd: number): Result<Reserved, BudgetStop> {
  const { refused, warnings = [] } = outcomeRule.parse(outcome);
  if (refused) return err(stopOf(refused, microUsd));
  return ok(warnings.length === 0 ? {} : { warning: warnings.map(warningOf).join(' ') });
}

const exhausted = z.object({ scope: z.string(), allowance: z.number(), added: z.number(), used: z.number() });

const outcomeRule = z.object({
  refused: exhausted.exactOptional(),
  warnings: z.array(exhausted).exactOptional(),
});

function warningOf({ scope, allowance, added, used }: Exhausted): string {
  const limit = allowance + added;
  const percent = Math.floor((used * 100) / limit);
  return `${percent} % of ${nameOf(scope)} is used: ${formatUsd(used)} of ${formatUsd(limit)}.`;
}
