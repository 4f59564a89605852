import type { BudgetStop } from '../core/journal.ts';
import { type Exhausted, nameOf } from './scope-name.ts';
import { formatUsd } from './usd.ts';

/** Missing amounts are asked for in whole cents. */
const CENT = 10_000;

export function stopOf({ scope, allowance, added, used }: Exhausted, nextMicroUsd: number): BudgetStop {
  const limitMicroUsd = allowance + added;
  const missing = Math.ceil((used + nextMicroUsd - limitMicroUsd) / CENT) * CENT;
  return {
    scope,
    name: nameOf(scope),
    limitMicroUsd,
    spentMicroUsd: used,
    nextMicroUsd,
    moreMicroUsd: Math.max(allowance, missing),
  };
}

/** The question for the user. */
export function describeStop(stop: BudgetStop): string {
  const name = `${stop.name.charAt(0).toUpperCase()}${stop.name.slice(1)}`;
  const limit = formatUsd(stop.limitMicroUsd);
  const state = isNearlySpent(stop) ? 'is used up' : 'does not cover the next step';
  const spent = `${formatUsd(stop.spentMicroUsd)} spent; the next step may cost ${formatUsd(stop.nextMicroUsd)}`;
  return `${name} of ${limit} ${state} (${spent}). Go on, with another ${formatUsd(stop.moreMicroUsd)}?`;
}

const isNearlySpent = ({ spentMicroUsd, limitMicroUsd }: BudgetStop): boolean =>
  spentMicroUsd * 5 >= limitMicroUsd * 4;
