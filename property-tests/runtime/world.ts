/** Why a child ended: it finished, it gave up in good order, or it failed. */
export type Ending = 'normal' | 'shutdown' | 'error';

/** How the next start of a worker goes. */
export type StartOutcome = 'fails' | 'is ignored';

/** What all supervisors of one model share. */
export class World {
  /** `+a 3`: the third life of `a` began; `-a 3`: it ended; `!a`: it failed to start, `?a`: it was not wanted. */
  readonly lives: string[] = [];
  /** Supervisor reports and crash reports. */
  readonly reports: string[] = [];
  /** How the next starts of each worker go, where not well. */
  readonly outcomes = new Map<string, StartOutcome[]>();
  readonly born = new Map<string, number>();
  /** What supervisors have told themselves to try again, in order. */
  readonly retries: (() => void)[] = [];
  /** Milliseconds. */
  now = 0;
  /** Comes between two attempts to start that worker, once it has failed so many times more. */
  interruption: Interruption | undefined;

  /** Lets everything happen that follows by itself. */
  settle(): void {
    for (let next = this.#next(); next; next = this.#next()) next();
  }

  failed(id: string): void {
    if (this.interruption?.id === id) this.interruption.failures--;
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
