import type { BudgetReport, SpendingHistory } from '../core/budget.ts';
import type { Clock } from '../core/clock.ts';
import type { BudgetStop } from '../core/journal.ts';
import { ok, type Result } from '../core/result.ts';
import type { Database, Statement } from '../storage/index.ts';
import { readHistory } from './history.ts';
import type { BudgetLimits } from './limits.ts';
import { forgetStatement } from './past.ts';
import { isLimited, type Payer, type Payers, payersOf } from './payer.ts';
import { createCalendar } from './period.ts';
import { readReport } from './report.ts';
import { type Call, type Reserved, readOutcome, reserveStatement } from './reservation.ts';
import { type PaidCall, settleStatement } from './settlement.ts';

/**
 * What model calls may cost and did cost, in the user's days and months, in conversations, turns and agents. Nothing
 * is remembered here: whatever counts is in the database, so that neither a restart nor a second process forgets it.
 */
export interface Budgets {
  /**
   * Sets aside the most that a call may cost, before it is made: in every budget of the payer, or in none where one of
   * them does not cover it. One commit of its own; none where nothing is limited or the call is free. The same effect
   * again replaces its reservation. One that is never settled counts as spent.
   */
  reserve(call: Call): Promise<Result<Reserved, BudgetStop>>;
  /**
   * What the call did cost takes the reservation's place; to be committed with the call's outcome. The first one of a
   * day also forgets what is long past. A call that failed before it could cost anything is settled with 0.
   */
  settle(call: PaidCall): readonly Statement[];
  /**
   * The user said "go on": the budget gets what was asked for once more, in its period. To be committed with that
   * answer, before statements of the audit log.
   *
   * @param at ISO 8601
   */
  extend(stop: BudgetStop, at: string): Statement;
  report(): Promise<BudgetReport>;
  /** @param days so many up to today, 366 at most */
  history(days: number): Promise<SpendingHistory>;
}

export interface BudgetsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** The user's IANA time zone: its midnights begin days and months. */
  readonly timezone: string;
  readonly limits: BudgetLimits;
}

export function createBudgets(options: BudgetsOptions): Budgets {
  // Limits and time zone are looked up each time, since the user may change them meanwhile.
  const { database, clock } = options;
  const periodsAt = createCalendar(() => options.timezone);
  let forgottenOn = '';

  const payersAt = (payer: Payer, now: number): Payers => payersOf(payer, options.limits, periodsAt(now));

  async function reserve(call: Call): Promise<Result<Reserved, BudgetStop>> {
    const microUsd = wholeAmount(call.microUsd);
    const now = clock.now();
    const payers = payersAt(call.payer, now);
    if (microUsd === 0 || !isLimited(payers)) return ok({});
    const statement = reserveStatement({ ...call, microUsd }, payers, isoAt(now));
    const { results } = await database.commit([statement]);
    return readOutcome(results[0]?.rows[0]?.outcome, microUsd);
  }

  function settle(call: PaidCall): readonly Statement[] {
    const now = clock.now();
    const payers = payersAt(call.payer, now);
    if (call.microUsd === undefined && !isLimited(payers)) return [];
    const microUsd = call.microUsd === undefined ? undefined : wholeAmount(call.microUsd);
    return [settleStatement({ ...call, microUsd }, payers, isoAt(now)), ...forget(now)];
  }

  /** Once a day and process: it looks at every turn that is kept. */
  function forget(now: number): readonly Statement[] {
    const { day } = periodsAt(now);
    if (day === forgottenOn) return [];
    forgottenOn = day;
    return [forgetStatement(now)];
  }

  return {
    reserve,
    settle,
    extend,
    report: () => readReport(options),
    history: (days) => readHistory(options, days),
  };
}

function extend(stop: BudgetStop, at: string): Statement {
  return {
    sql: `insert into budget as b (scope, allowance, added, at)
          values ($1::text, $2::bigint, $3::bigint, $4::text::timestamptz)
          on conflict (scope) do update set added = b.added + excluded.added`,
    params: [stop.scope, stop.limitMicroUsd, stop.moreMicroUsd, at],
  };
}

const isoAt = (now: number): string => new Date(now).toISOString();

/** Rounded up: a part of a millionth is counted as one. */
function wholeAmount(microUsd: number): number {
  if (microUsd >= 0 && microUsd <= Number.MAX_SAFE_INTEGER) return Math.ceil(microUsd);
  throw new RangeError(`${microUsd} is no amount of money`);
}
