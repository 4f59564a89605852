import type { Statement } from '../storage/index.ts';

/** Longer than a year, so that a month can be compared with the same one of the year before. */
const KEPT_DAYS = 400;

/** So many at most are forgotten at a time. */
const AT_ONCE = 1000;

/**
 * Forgets single calls, and the sums of turns, agents and routines, that are long past. The sums of days, months and
 * conversations stay: they are few, and a clock that went wrong must not cost what was counted.
 */
export function forgetStatement(now: number): Statement {
  const before = new Date(now - KEPT_DAYS * 86_400_000).toISOString();
  return {
    // Each limited by itself; what another process forgets at this moment is left to it.
    sql: `
      with calls as (
        delete from spend where effect_id in (
          select effect_id from spend where at < $1::text::timestamptz limit ${AT_ONCE} for update skip locked
        )
      )
      delete from budget where scope in (
        select scope from budget
         where (scope like 'turn/%' or scope like 'agent/%' or scope like 'routine/%') and at < $1::text::timestamptz
         limit ${AT_ONCE} for update skip locked
      )`,
    params: [before],
  };
}
