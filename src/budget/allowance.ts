import type { Statement } from '../storage/index.ts';

/** The limit of a budget that others pay into without knowing it: what they learn of it is what the database has. */
export interface Allowance {
  readonly scope: string;
  /** Millionths of a US dollar; 0: no limit. */
  readonly microUsd: number;
}

/**
 * Limits budgets from now on, whether or not anything was paid from them; what was counts.
 *
 * @param now milliseconds since the Unix epoch
 */
export const allowStatement = (allowances: readonly Allowance[], now: number): Statement => ({
  sql: ALLOW,
  params: [allowances.map(({ scope }) => scope), allowances.map(({ microUsd }) => microUsd), new Date(now)],
});

/** The limit is another one. Where nothing was paid nor limited so far, nothing happens. */
export const allowanceChanged = ({ scope, microUsd }: Allowance): Statement => ({
  sql: 'update budget set allowance = $2::bigint where scope = $1::text',
  params: [scope, microUsd],
});

/** Rows are locked in the order in which payers lock them. */
const ALLOW = `
  insert into budget (scope, allowance, at)
  select scope, allowance, $3::timestamptz
    from unnest($1::text[], $2::bigint[]) as given (scope, allowance) order by scope collate "C"
  on conflict (scope) do update set allowance = excluded.allowance`;
