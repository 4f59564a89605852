/** How many restarts a supervisor may do in how long before it gives up. */
export interface RestartBudget {
  /** Restarts allowed within the period; the next one is too many. 0 allows none. */
  readonly intensity: number;
  /** Seconds. */
  readonly period: number;
}

/**
 * Counts one more restart in a sliding window.
 *
 * @param restarts times of the restarts so far, oldest first, in milliseconds
 * @param now milliseconds on the same clock
 * @returns the restarts still within the window, or undefined where this one exceeds the budget
 */
export function countRestart(
  restarts: readonly number[],
  now: number,
  budget: RestartBudget,
): readonly number[] | undefined {
  const since = now - budget.period * 1000;
  const recent = [...restarts.filter((at) => at >= since), now];
  return recent.length <= budget.intensity ? recent : undefined;
}
