import type { AnyActorLogic, AnyActorRef, AnyActorScope, EventObject, Snapshot } from 'xstate';
import { childrenOf, isActive, schedulerOf } from '../xstate/index.ts';

/** A delayed event (of `after`, `raise` or `sendTo` with a delay) that has not been handled, ready to be stored. */
export interface PersistedTimer {
  readonly id: string;
  readonly event: EventObject;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** Who set it and who gets it: child ids from the actor that was persisted downwards; empty for itself. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** Everything of an actor that survives it, its children included. */
export interface PersistedActor {
  readonly snapshot: Snapshot<unknown>;
  readonly timers: readonly PersistedTimer[];
}

type WallClock = () => number;

/**
 * The delayed events that an actor and its children wait for, the next first. XState's own snapshot does not have
 * them: a machine that is restored from it waits in its state for an `after` that never comes.
 *
 * @param now milliseconds since 1970
 * @throws Error where one of them goes to an actor that is not among these: it could not be found again
 */
export function persistTimers(ref: AnyActorRef, now: WallClock = Date.now): readonly PersistedTimer[] {
  const scheduler = schedulerOf(ref.system);
  const addresses = new Map(actorsIn(ref, []));
  const ahead = now() - scheduler.now();
  const timers = [...addresses].flatMap(([actor, source]) =>
    scheduler.pending(actor).map(({ id, event, dueAt, target }) => ({
      id,
      event,
      dueAt: dueAt + ahead,
      source,
      target: addresses.get(target) ?? unknownTarget(actor, event),
    })),
  );
  return timers.sort((a, b) => a.dueAt - b.dueAt);
}

/**
 * Arms them again, for an actor that has been restored and started. What is overdue fires at once, in the order in
 * which it was due. Entry actions do not run again. Timers of children that were not restored are left out.
 */
export function restoreTimers(
  ref: AnyActorRef,
  timers: readonly PersistedTimer[],
  now: WallClock = Date.now,
): void {
  const scheduler = schedulerOf(ref.system);
  const start = now();
  for (const { id, event, dueAt, ...ends } of timers.toSorted((a, b) => a.dueAt - b.dueAt)) {
    const [source, target] = [actorAt(ref, ends.source), actorAt(ref, ends.target)];
    if (source && target) scheduler.schedule(source, target, event, Math.max(0, dueAt - start), id);
  }
}

/** What `resumed` goes on from. @throws Error as `persistTimers` */
export function persistActor(ref: AnyActorRef, now?: WallClock): PersistedActor {
  return { snapshot: ref.getPersistedSnapshot(), timers: persistTimers(ref, now) };
}

/**
 * Logic that goes on from what was persisted, timers included, in each incarnation anew.
 *
 * @param load what to go on from; undefined to begin at the beginning
 * @example
 * supervisor({ children: [{ id: 'order', logic: resumed(order, () => store.read('order')) }], … })
 */
export function resumed(
  logic: AnyActorLogic,
  load: () => PersistedActor | undefined,
  now?: WallClock,
): AnyActorLogic {
  const loaded = new WeakMap<AnyActorRef, PersistedActor>();
  // What inherits from a machine still is one, for everybody who asks.
  return Object.assign(Object.create(logic), {
    getInitialSnapshot(scope: AnyActorScope, input: unknown) {
      const persisted = load();
      if (!persisted) return logic.getInitialSnapshot(scope, input);
      loaded.set(scope.self, persisted);
      return logic.restoreSnapshot?.(persisted.snapshot, scope) ?? persisted.snapshot;
    },
    start(snapshot: Snapshot<unknown>, scope: AnyActorScope) {
      logic.start?.(snapshot, scope);
      restoreTimers(scope.self, loaded.get(scope.self)?.timers ?? [], now);
    },
  });
}

function* actorsIn(
  ref: AnyActorRef,
  address: readonly string[],
): Iterable<readonly [AnyActorRef, readonly string[]]> {
  yield [ref, address];
  for (const [id, child] of Object.entries(childrenOf(ref))) {
    if (isActive(child)) yield* actorsIn(child, [...address, id]);
  }
}

function actorAt(ref: AnyActorRef, address: readonly string[]): AnyActorRef | undefined {
  return address.reduce<AnyActorRef | undefined>((at, id) => at && childrenOf(at)[id], ref);
}

function unknownTarget(actor: AnyActorRef, event: EventObject): never {
  throw new Error(
    `the delayed event "${event.type}" of ${actor.id} goes to an actor outside of it, which cannot be found ` +
      'again after a restart: let the actor delay an event to itself, and send on when that comes',
  );
}
