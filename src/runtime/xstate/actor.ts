import type { AnyActorRef, AnyActorScope } from 'xstate';
import { isMachineSnapshot } from 'xstate';
import { type ExitReason, exitOf } from '../process/exit.ts';
import { internals, STOP } from './internals.ts';

const released = new WeakSet<AnyActorRef>();

/** What ended an actor that cannot say so itself: it was killed, or it ended because it was asked to. */
const deaths = new WeakMap<AnyActorRef, ExitReason>();

/** What `onExit` says of this actor, should it end without an error. */
export function markExit(ref: AnyActorRef, exit: ExitReason): void {
  deaths.set(ref, exit);
}

/** Calls back once, when the actor has ended in any way; its own children are gone by then. */
export function onExit(ref: AnyActorRef, exited: (exit: ExitReason) => void): void {
  ref.subscribe({
    error: (thrown) => {
      releaseCrashed(ref);
      exited(exitOf(thrown));
    },
    complete: () => exited(deaths.get(ref) ?? endOf(ref)),
  });
}

function endOf(ref: AnyActorRef): ExitReason {
  return ref.getSnapshot().status === 'done' ? { kind: 'normal' } : { kind: 'shutdown' };
}

/** Stops a child at once; where it is just handling a message, after that message. */
export function stopChild(scope: AnyActorScope, ref: AnyActorRef): void {
  scope.stopChild(ref);
}

/**
 * Makes an actor fail as if its logic had thrown. XState does these two steps itself where a transition throws;
 * there is no public way to them from outside.
 */
export function fail(ref: AnyActorRef, error: Error): boolean {
  if (!isActive(ref)) return false;
  internals(ref)._snapshot = { ...ref.getSnapshot(), status: 'error', error };
  internals(ref)._error(error);
  return true;
}

export function isActive(ref: AnyActorRef): boolean {
  return ref.getSnapshot().status === 'active';
}

/** The XState children of an actor, by id: those of a machine, or those that other logic has in its snapshot. */
export function childrenOf(ref: AnyActorRef): Readonly<Record<string, AnyActorRef>> {
  const children: unknown = ref.getSnapshot()?.children;
  return isChildren(children) ? children : {};
}

/**
 * An actor that failed keeps what it holds: XState neither stops a machine's children nor disposes a callback or
 * aborts a promise. They do so themselves when their logic sees the stop event.
 */
export function releaseCrashed(ref: AnyActorRef): void {
  if (released.has(ref)) return;
  released.add(ref);
  stopChildren(ref);
  const snapshot = ref.getSnapshot();
  if (isMachineSnapshot(snapshot)) return;
  const { logic, _actorScope: scope } = internals(ref);
  if (!(logic instanceof Object && 'transition' in logic && typeof logic.transition === 'function')) return;
  try {
    logic.transition({ ...snapshot, status: 'active', error: undefined }, STOP, scope);
  } catch {
    // It has failed already; what it says now adds nothing.
  }
}

function stopChildren(ref: AnyActorRef): void {
  for (const child of Object.values(childrenOf(ref))) {
    if (isActive(child)) child.send(STOP);
  }
}

function isChildren(value: unknown): value is Record<string, AnyActorRef> {
  return value instanceof Object;
}
