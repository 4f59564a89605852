import type { AnyActorRef, EventObject } from 'xstate';
import type { RuntimeClock, System } from '../context.ts';

type Relay = (source: AnyActorRef, target: AnyActorRef, event: EventObject) => void;

interface Timer {
  readonly handle: unknown;
  fired?: EventObject;
}

/**
 * Delayed events, indexed by the actor that set them. XState's own scheduler looks at every timer of the system
 * whenever an actor stops: 44 s to stop 10,000 actors with a timer each, 0.08 s with this one.
 *
 * It also remembers an event that has fired: where its timer is cancelled while the event still waits in a mailbox,
 * the event is `revoked`. Otherwise an `after` of a state left long ago could cut short a later visit.
 */
export class IndexedScheduler {
  readonly #timers = new Map<AnyActorRef, Map<string, Timer>>();
  readonly #revoked = new WeakSet<EventObject>();
  readonly #clock: RuntimeClock;
  readonly #relay: Relay;
  #anonymous = 0;

  constructor(clock: RuntimeClock, relay: Relay) {
    this.#clock = clock;
    this.#relay = relay;
  }

  isRevoked(event: EventObject): boolean {
    return this.#revoked.has(event);
  }

  /** The functions XState calls, to be put in place of its own. */
  forSystem(): System['scheduler'] {
    return {
      schedule: (source, target, event, delay, id) => this.#schedule(source, target, event, delay, id),
      cancel: (source, id) => this.#cancel(source, id),
      cancelAll: (source) => this.#cancelAll(source),
    };
  }

  #schedule(source: AnyActorRef, target: AnyActorRef, event: EventObject, delay: number, id?: string): void {
    const key = id ?? this.#anonymousKey();
    const fire = () => {
      // A copy, because XState shares one event object among all actors of a machine.
      timer.fired = { ...event };
      // What cannot be cancelled any more need not be remembered.
      if (id === undefined || source !== target) this.#forget(source, key, timer);
      this.#relay(source, target, timer.fired);
    };
    const timer: Timer = { handle: this.#clock.setTimeout(fire, delay) };
    this.#remember(source, key, timer);
  }

  #anonymousKey(): string {
    return `#${this.#anonymous++}`;
  }

  #cancel(source: AnyActorRef, id: string): void {
    const timer = this.#timers.get(source)?.get(id);
    if (!timer) return;
    this.#clear(timer);
    this.#forget(source, id, timer);
  }

  #cancelAll(source: AnyActorRef): void {
    for (const timer of this.#timers.get(source)?.values() ?? []) this.#clear(timer);
    this.#timers.delete(source);
  }

  #clear(timer: Timer): void {
    if (timer.fired) this.#revoked.add(timer.fired);
    else this.#clock.clearTimeout(timer.handle);
  }

  /** A second timer of the same id does not cancel the first, as in XState; only stopping the actor still does. */
  #remember(source: AnyActorRef, key: string, timer: Timer): void {
    const timers = this.#timers.get(source) ?? new Map<string, Timer>();
    const former = timers.get(key);
    if (former && !former.fired) timers.set(this.#anonymousKey(), former);
    timers.set(key, timer);
    this.#timers.set(source, timers);
  }

  #forget(source: AnyActorRef, id: string, timer: Timer): void {
    const timers = this.#timers.get(source);
    if (timers?.get(id) !== timer) return;
    timers.delete(id);
    if (timers.size === 0) this.#timers.delete(source);
  }
}
