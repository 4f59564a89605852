/** Why a child ended: it finished, it gave up in good order, or it failed. */
export type Ending = 'normal' | 'shutdown' | 'error';

/** How the next start of a worker goes. */
export type StartOutcome = 'fails' | 'is ignored';

/** Something that a supervisor will do once that instant has come, unless it is not wanted any more. */
interface Timer {
  /** Milliseconds on the world's clock. */
  readonly due: number;
  readonly isWanted: () => boolean;
  readonly run: () => void;
}

/** What all supervisors of one model share. */
export class World {
  /** `+a 3`: the third life of `a` began; `-a 3`: it ended; `!a`: it failed to start, `?a`: it was not wanted. */
  readonly lives: string[] = [];
  /** Supervisor reports and crash reports. */
  readonly reports: string[] = [];
  /** How the next starts of each worker go, where not well. */
  readonly outcomes = new Map<string, StartOutcome[]>();
  readonly born = new Map<string, number>();
  /** The life, as `a 3`, that each registered name leads to. */
  readonly names = new Map<string, string>();
  /** What supervisors have told themselves to try again, in order. */
  readonly retries: (() => void)[] = [];
  /** Milliseconds. */
  now = 0;
  /** Comes between two attempts to start that worker, once it has failed so many times more. */
  interruption: Interruption | undefined;
  #timers: readonly Timer[] = [];

  /** Lets everything happen that follows by itself. */
  settle(): void {
    for (let next = this.#next(); next; next = this.#next()) next();
  }

  failed(id: string): void {
    if (this.interruption?.id === id) this.interruption.failures--;
  }

  setTimer(timer: Timer): void {
    this.#timers = [...this.#timers, timer];
  }

  /** What is due next; several where they are due at the same instant. */
  get nextDue(): readonly Timer[] {
    this.#timers = this.#timers.filter(({ isWanted }) => isWanted());
    const due = Math.min(...this.#timers.map((timer) => timer.due));
    return this.#timers.filter((timer) => timer.due === due);
  }

  /** Time passes, at most until something is due. */
  wait(ms: number): void {
    this.now += ms;
    const due = this.nextDue.filter((timer) => timer.due <= this.now);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }

  #next(): (() => void) | undefined {
    const { interruption } = this;
    if (!interruption || interruption.failures > 0) return this.retries.shift();
    this.interruption = undefined;
    return interruption.run;
  }
}

interface Interruption {
  readonly id: string;
  failures: number;
  readonly run: () => void;
}
