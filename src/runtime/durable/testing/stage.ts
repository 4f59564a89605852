import { type ActorRefFrom, createActor, SimulatedClock } from 'xstate';
import { createContext } from '../../context.ts';
import { until } from '../../test-doubles.ts';
import { MemoryStore } from '../memory-store.ts';
import {
  type CounterEvent,
  type CounterRecord,
  type CounterScope,
  counter,
  counterInput,
} from './counter.ts';

type Counter = ReturnType<typeof counter>;
type CounterRef = ActorRefFrom<Counter['logic']>;

/** Counters over a store in memory, and the post office that takes their letters. */
export function openStage(
  declared: Counter = counter(),
  store = new MemoryStore<CounterRecord, CounterEvent>(),
) {
  const posted: string[] = [];
  const clock = new SimulatedClock();
  const scope: CounterScope & { deliver: (text: string) => Promise<void> } = {
    troubles: [],
    deliver: async () => {},
    post: (letterId, text) => {
      posted.push(letterId);
      return scope.deliver(text);
    },
  };

  return {
    store,
    posted,
    clock,
    scope,
    /** Brings the counter to life. */
    start(options: { key?: string; version?: number; event?: CounterEvent } = {}): Life {
      const ref = createActor(declared.logic, { input: counterInput(store, scope, options) });
      createContext(ref.system, clock);
      return new Life(ref);
    },
    /** One life after another, each ending in a crash. */
    async crash(times: number, live: (life: Life) => void): Promise<void> {
      for (let crash = 0; crash < times; crash++) {
        const life = this.start();
        live(life);
        await life.ended();
      }
    },
    stored: (key = 'counter/1') => store.actor(key),
  };
}

/** One incarnation of a counter. */
export class Life {
  readonly ref: CounterRef;
  error: unknown;
  #ended = false;

  constructor(ref: CounterRef) {
    this.ref = ref;
    const end = (error?: unknown): void => {
      this.error = error;
      this.#ended = true;
    };
    ref.subscribe({ error: end, complete: () => end() });
    ref.start();
  }

  get state(): string {
    return this.ref.getSnapshot().state;
  }

  send(...events: readonly CounterEvent[]): void {
    for (const event of events) this.ref.send(event);
  }

  /** Dies as a killed process does: in the middle of whatever it is doing, and without a word. */
  kill(): void {
    this.ref.stop();
  }

  async ended(): Promise<unknown> {
    await until(() => this.#ended);
    return this.error;
  }

  async reaches(state: string): Promise<void> {
    await until(() => this.state === state || this.#ended);
    if (this.state !== state) throw new Error(`ended in ${this.state}: ${this.error}`);
  }
}
