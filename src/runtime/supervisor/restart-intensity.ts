/** How many restarts a supervisor may do in how long before it gives up. */
export interface RestartBudget {
  /** Restarts allowed within the period; the next one is too many. 0 allows none. */
  readonly intensity: number;
  /** Seconds. */
  readonly period: number;
  /** Seconds without a restart after which those before count no more; never by default, as in OTP. */
  readonly healthyAfter?: number;
}

/** One sliding window of restarts, shared by all children of a supervisor (`add_restart` in OTP's supervisor.erl). */
export class RestartIntensity {
  /** Milliseconds, oldest first. */
  #restarts: readonly number[] = [];

  /** Counts one more restart. False where it exceeds the budget. */
  allows(now: number, budget: RestartBudget): boolean {
    this.#restarts = [...this.#within(now, budget), now];
    return this.#restarts.length <= budget.intensity;
  }

  /** Restarts within the period that ends now. */
  used(now: number, budget: RestartBudget): number {
    return this.#within(now, budget).length;
  }

  #within(now: number, { period, healthyAfter }: RestartBudget): readonly number[] {
    const last = this.#restarts.at(-1) ?? now;
    if (healthyAfter !== undefined && now - last >= healthyAfter * 1000) return [];
    return this.#restarts.filter((at) => at >= now - period * 1000);
  }
}
