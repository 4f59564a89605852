import { type Child, isLive } from './child.ts';

/** What a supervisor does to its children when their turn comes. */
export interface Work {
  launch(child: Child): void;
  stop(child: Child): void;
  /** Asks to be resumed with a later event. */
  resumeLater(): void;
}

/** Children started or stopped before other actors, timers and sockets get their turn. */
const BATCH = 64;

/**
 * What is left for a supervisor to do: `stops`, worked from the end, then `starts`, worked from the front. Both go on
 * with a later macrotask after so many children.
 */
export class Agenda {
  readonly #work: Work;
  #stops: Child[] = [];
  #starts: Child[] = [];
  /** Where in `starts` the next one stands. */
  #next = 0;
  /** Children started or stopped since others last had their turn. */
  #worked = 0;
  #held: 'starts' | 'everything' | undefined;
  #resuming: NodeJS.Immediate | undefined;

  constructor(work: Work) {
    this.#work = work;
  }

  get hasStarts(): boolean {
    return this.#next < this.#starts.length;
  }

  /** Instead of what was to be stopped before. The last is stopped first. */
  stopThese(children: Iterable<Child>): void {
    this.#stops = [...children];
  }

  /** Instead of what was to be started before. */
  startThese(children: Iterable<Child>): void {
    this.#starts = [...children];
    this.#next = 0;
  }

  startLast(child: Child): void {
    this.#starts.push(child);
  }

  /** What is still to be started. */
  get starts(): readonly Child[] {
    return this.#starts.slice(this.#next);
  }

  /** Starts nothing before the next macrotask: timers, sockets and calls to the supervisor come in between. */
  holdStarts(): void {
    this.#hold(this.#held ?? 'starts');
  }

  resume(): void {
    this.#resuming = undefined;
    this.#held = undefined;
    this.#worked = 0;
  }

  close(): void {
    clearImmediate(this.#resuming);
  }

  /** One child, ahead of all that waits. */
  stop(child: Child): void {
    this.#worked++;
    this.#work.stop(child);
  }

  /**
   * Tells the next that are to stop. Whether some still have to end.
   *
   * @param atOnce without waiting for one to end before the next is told
   */
  stopNext(atOnce: boolean): boolean {
    for (let last = this.#stops.at(-1); last; last = this.#stops.at(-1)) {
      if (this.#isExhausted()) return true;
      if (last.state !== 'stopping' && isLive(last)) this.stop(last);
      if (isLive(last) && !atOnce) return true;
      this.#stops.pop();
    }
    return false;
  }

  /** @param inTurn a child must be ready before the next is started */
  startNext(inTurn: () => boolean): void {
    if (this.#held) return;
    for (let next = this.#starts[this.#next]; next; next = this.#starts[this.#next]) {
      if (this.#isExhausted()) return;
      if (next.state === 'waiting') this.#launch(next);
      if (next.state === 'starting' && inTurn()) return;
      this.#next++;
    }
    this.startThese([]);
  }

  #launch(child: Child): void {
    this.#worked++;
    this.#work.launch(child);
  }

  #isExhausted(): boolean {
    if (this.#worked >= BATCH) this.#hold('everything');
    return this.#held === 'everything';
  }

  #hold(what: 'starts' | 'everything'): void {
    this.#held = what;
    this.#resuming ??= setImmediate(() => this.#work.resumeLater());
  }
}
