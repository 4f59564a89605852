/** A budget that is nearly or wholly used up, as the database tells it. Amounts are millionths of a US dollar. */
export interface Exhausted {
  readonly scope: string;
  readonly allowance: number;
  /** What the user added to it. */
  readonly added: number;
  /** Spent, and held for calls that run. */
  readonly used: number;
}

/** The budget of a routine for the runs that began on one day of the user's. */
export const routineBudget = (routineId: string, day: string): string => `routine/${routineId}/${day}`;

const NAMES: ReadonlyMap<string, string> = new Map([
  ['user-day', "today's budget"],
  ['user-month', "this month's budget"],
  ['conversation', 'the budget of this conversation'],
  ['turn', 'the budget of this turn'],
  ['agent', 'the budget of this agent'],
  ['job', 'the budget of this job'],
  ['run', 'the budget of this run'],
  ['routine', 'the budget of this routine'],
  ['heartbeat', 'the budget of the heartbeat'],
]);

/** What a person calls the budget of a scope such as `user-day/2026-11-21`. */
export const nameOf = (scope: string): string => NAMES.get(scope.split('/', 1)[0] ?? '') ?? 'the budget';
