import { describeExit, type ExitReason } from '../process/exit.ts';
import type { Child } from './child.ts';

interface Tally {
  readonly exit: ExitReason;
  readonly child: Child;
  count: number;
}

/** Failures of many instances to end in order, told once for each reason, as OTP does. */
export class DynamicShutdown {
  readonly #tallies = new Map<string, Tally>();

  note(child: Child, exit: ExitReason): void {
    const reason = describeExit(exit);
    const tally = this.#tallies.get(reason);
    if (tally) tally.count++;
    else this.#tallies.set(reason, { exit, child, count: 1 });
  }

  report(tell: (exit: ExitReason, child: Child, count: number) => void): void {
    for (const { exit, child, count } of this.#tallies.values()) tell(exit, child, count);
  }
}
