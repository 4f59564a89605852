import { type BackoffPlan, type Flags, PERIOD_S } from './plan.ts';

/** The restarts of one supervisor. The window is OTP's: inclusive, one for all children; `healthyAfter` is ours. */
export class RestartWindow {
  #restarts: readonly number[] = [];

  /** One restart more, now. False where that is one too many. */
  add(now: number, { intensity, healthyAfter = Number.POSITIVE_INFINITY }: Flags): boolean {
    const last = this.#restarts.at(-1) ?? now;
    if (now - last >= healthyAfter * 1000) this.#restarts = [];
    this.#restarts = [...this.#restarts, now].filter((at) => at >= now - PERIOD_S * 1000);
    return this.#restarts.length <= intensity;
  }
}

/** The waits of one child before its restarts, each `factor` times the last. */
export class Waits {
  #inARow = 0;

  /**
   * @param lived since it was last started, in milliseconds
   * @returns milliseconds; undefined where it does not wait
   */
  next(backoff: BackoffPlan | undefined, lived: number): number | undefined {
    if (!backoff) return undefined;
    if (lived >= backoff.healthyAfter) this.#inARow = 0;
    return Math.min(backoff.initial * backoff.factor ** this.#inARow++, backoff.max);
  }
}
