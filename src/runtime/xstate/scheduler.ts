import type { AnyActorRef, EventObject } from 'xstate';
import type { RuntimeClock, System } from '../context.ts';
import { setClaim } from '../mailbox/claim.ts';
import { mailboxOf } from './actor-mailbox.ts';
import { relay } from './relay.ts';

/** A delayed event that has not been handled yet. */
export interface PendingTimer {
  readonly id: string;
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
  readonly event: EventObject;
  /** When it was set and when it is due, on the runtime's clock. */
  readonly setAt: number;
  readonly dueAt: number;
}

interface Timer extends PendingTimer {
  readonly handle: unknown;
  state: 'armed' | 'fired' | 'revoked';
}

const schedulers = new WeakMap<System, IndexedScheduler>();

/**
 * Puts an indexed scheduler in place of XState's own; before any actor of the system has started. `startSystem` does
 * so by itself.
 */
export function indexTimers(system: System, clock: RuntimeClock): void {
  const scheduler = new IndexedScheduler(clock);
  schedulers.set(system, scheduler);
  system.scheduler = scheduler.forSystem();
}

/** @throws Error where the system has XState's own scheduler */
export function schedulerOf(system: System): IndexedScheduler {
  const scheduler = schedulers.get(system);
  if (!scheduler)
    throw new Error(
      'the timers of this actor system are not indexed: call `indexTimers` before its actors start',
    );
  return scheduler;
}

/**
 * Delayed events, indexed by the actor that set them. XState's own scheduler looks at every timer of the system
 * whenever an actor stops: 44 s to stop 10,000 actors with a timer each, 0.08 s with this one.
 *
 * An event that has fired and waits in a mailbox is remembered until its turn comes: where its timer is cancelled
 * meanwhile, the event is dropped. Otherwise an `after` of a state left long ago could cut short a later visit.
 */
export class IndexedScheduler {
  readonly #timers = new Map<AnyActorRef, Map<string, Timer>>();
  readonly #clock: RuntimeClock;
  #anonymous = 0;

  constructor(clock: RuntimeClock) {
    this.#clock = clock;
  }

  /** Milliseconds on the clock that `dueAt` refers to. */
  now(): number {
    return this.#clock.now();
  }

  /** What an actor has set and not seen yet, in the order in which it was set. */
  pending(source: AnyActorRef): readonly PendingTimer[] {
    return [...(this.#timers.get(source)?.values() ?? [])];
  }

  /** The functions XState calls, to be put in place of its own. */
  forSystem(): System['scheduler'] {
    return {
      schedule: (source, target, event, delay, id) => this.schedule(source, target, event, delay, id),
      cancel: (source, id) => this.#cancel(source, id),
      cancelAll: (source) => this.#cancelAll(source),
    };
  }

  schedule(source: AnyActorRef, target: AnyActorRef, event: EventObject, delay: number, id?: string): void {
    const setAt = this.#clock.now();
    const timer: Timer = {
      id: id ?? this.#anonymousId(),
      source,
      target,
      event,
      setAt,
      dueAt: setAt + delay,
      handle: this.#clock.setTimeout(() => this.#fire(timer), delay),
      state: 'armed',
    };
    this.#remember(timer);
  }

  #anonymousId(): string {
    return `#${this.#anonymous++}`;
  }

  #fire(timer: Timer): void {
    timer.state = 'fired';
    // A copy, because XState shares one event object among all actors of a machine.
    const event = { ...timer.event };
    if (mailboxOf(timer.target)) setClaim(event, () => this.#claim(timer));
    else this.#forget(timer);
    relay(timer.source, timer.target, event);
  }

  #claim(timer: Timer): boolean {
    this.#forget(timer);
    return timer.state !== 'revoked';
  }

  #cancel(source: AnyActorRef, id: string): void {
    const timer = this.#timers.get(source)?.get(id);
    if (!timer) return;
    this.#revoke(timer);
    this.#forget(timer);
  }

  #cancelAll(source: AnyActorRef): void {
    for (const timer of this.#timers.get(source)?.values() ?? []) this.#revoke(timer);
    this.#timers.delete(source);
  }

  #revoke(timer: Timer): void {
    if (timer.state === 'armed') this.#clock.clearTimeout(timer.handle);
    timer.state = 'revoked';
  }

  /** A second timer of the same id does not cancel the first, as in XState; only stopping the actor still does. */
  #remember(timer: Timer): void {
    const timers = this.#timers.get(timer.source) ?? new Map<string, Timer>();
    const former = timers.get(timer.id);
    if (former) timers.set(this.#anonymousId(), former);
    timers.set(timer.id, timer);
    this.#timers.set(timer.source, timers);
  }

  #forget(timer: Timer): void {
    const timers = this.#timers.get(timer.source);
    if (timers?.get(timer.id) !== timer) return;
    timers.delete(timer.id);
    if (timers.size === 0) this.#timers.delete(timer.source);
  }
}
