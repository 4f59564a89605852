import { Fifo } from './fifo.ts';

/** Something that has work now and then, and does it a piece at a time. */
export interface Runnable {
  /** Where it stands in the tree. */
  readonly path: string;
  /** Does the next piece of its work. False where nothing is left to do now. */
  run(): boolean;
}

/** Pieces done for one before the next in line gets its turn, and before the clock is looked at again. */
const BATCH = 16;

/** Milliseconds of work before timers, sockets and promises get their turn. */
const SLICE_MS = 2;

/**
 * Gives everything that has work its turn, round robin, on macrotasks: what is flooded with messages leaves all
 * others of the system their turn, and the event loop its own. One per actor system.
 */
export class RunQueue {
  /** Told the path of the one that is at work, then undefined; keep it cheap: it is part of every visit. */
  onRunning: ((path: string | undefined) => void) | undefined;
  /** The same, before each visit only, for whoever records what happens in it. */
  onVisit: ((path: string) => void) | undefined;
  readonly #ready = new Fifo<Runnable>();
  readonly #now: () => number;
  #awake = false;

  /** @param now milliseconds of a real clock: a slice is about the event loop, whatever time actors live by */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Puts one that has work at the end of the line. It must not stand in it already. */
  add(runnable: Runnable): void {
    this.#ready.push(runnable);
    this.#wake();
  }

  #wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    setImmediate(this.#work);
  }

  /** Made once: a new function for every slice would have to be optimised again and again. */
  readonly #work = (): void => {
    try {
      this.#slice();
    } finally {
      this.onRunning?.(undefined);
      this.#awake = false;
      if (this.#ready.length > 0) this.#wake();
    }
  };

  /** The clock is looked at after 1, 2, 4, 8 pieces, then after every 16: slow work is noticed early, fast work is not slowed. */
  #slice(): void {
    const end = this.#now() + SLICE_MS;
    let pieces = 0;
    let stride = 1;
    for (let next = this.#ready.shift(); next; next = this.#ready.shift()) {
      pieces += this.#visit(next, stride);
      if (pieces < stride) continue;
      if (this.#now() >= end) return;
      pieces = 0;
      stride = Math.min(stride * 2, BATCH);
    }
  }

  /** Returns how many pieces were done. */
  #visit(runnable: Runnable, limit: number): number {
    this.onRunning?.(runnable.path);
    this.onVisit?.(runnable.path);
    let pieces = 0;
    let more = true;
    try {
      while (more && pieces < limit) {
        pieces++;
        more = runnable.run();
      }
    } finally {
      // Also where it threw: the next piece is not to be lost with this one.
      if (more) this.#ready.push(runnable);
    }
    return pieces;
  }
}
