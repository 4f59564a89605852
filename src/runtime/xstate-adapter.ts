/**
 * Every place where the runtime leans on how XState 5 works inside, with the reason. Nothing else in this folder
 * touches a member that XState does not document. `xstate-adapter.test.ts` fails where a new version changed one.
 */
import type { AnyActorLogic, AnyActorRef, AnyActorScope, EventObject } from 'xstate';
import { createActor, isMachineSnapshot, StateMachine } from 'xstate';
import { coerceError } from '../core/errors.ts';
import type { MailboxLimit, ResolvedChildSpec } from './child-spec.ts';
import { contextOf, type RuntimeClock, type System } from './context.ts';
import { type ExitReason, exitOf } from './exit.ts';
import { BoundedMailbox, isInternal, type XStateMailbox } from './mailbox.ts';
import { IndexedScheduler } from './scheduler.ts';

/** XState loops for ever on a machine whose eventless transitions never settle, unless told when to stop. */
const MAX_MICROSTEPS = 1_000;

const STOP = { type: 'xstate.stop' };

/** `_processingStatus` of an actor that takes no more events. */
const STOPPED = 2;

const mailboxes = new WeakMap<AnyActorRef, BoundedMailbox>();
const schedulers = new WeakMap<System, IndexedScheduler>();
const released = new WeakSet<AnyActorRef>();
const bounded = new WeakSet<AnyActorLogic>();

/** Creates a child that is not started yet. A logic that throws at once yields an actor that fails when started. */
export function createChild(
  parent: AnyActorRef,
  spec: ResolvedChildSpec,
  incarnation: number,
  path: string,
): AnyActorRef {
  boundMicrosteps(spec.logic);
  const id = `${spec.id}#${incarnation}`;
  const ref = createActor(spec.logic, { parent, id, input: spec.input });
  if (spec.type === 'worker') installMailbox(ref, spec.mailbox, path);
  return ref;
}

/** Calls back once, when the actor has ended in any way; its own children are gone by then. */
export function onExit(ref: AnyActorRef, exited: (exit: ExitReason) => void): void {
  ref.subscribe({
    error: (thrown) => {
      releaseCrashed(ref);
      exited(exitOf(thrown));
    },
    complete: () => exited(ref.getSnapshot().status === 'done' ? { kind: 'normal' } : { kind: 'shutdown' }),
  });
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
  Reflect.set(ref, '_snapshot', { ...ref.getSnapshot(), status: 'error', error });
  internal(ref, '_error')(error);
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

export function mailboxOf(ref: AnyActorRef): BoundedMailbox | undefined {
  return mailboxes.get(ref);
}

/** Sends like `ref.send`, but keeps who sent it, which an inspector needs to draw an arrow. */
export function relay(source: AnyActorRef | undefined, target: AnyActorRef, event: EventObject): void {
  internal(target.system, '_relay')(source, target, event);
}

/** Prepares a system before any of its actors has started. */
export function adoptSystem(system: System, clock: RuntimeClock): void {
  const scheduler = new IndexedScheduler(clock, relay);
  schedulers.set(system, scheduler);
  system.scheduler = scheduler.forSystem();
  watchRelay(system);
}

/**
 * Every event from one actor to another goes through `system._relay`; here we see an actor inside of a machine fail,
 * which XState tells nobody but that machine, and events to actors that have ended, which it drops in silence.
 */
function watchRelay(system: System): void {
  const relayOn = internal(system, '_relay');
  const watched = (source: AnyActorRef | undefined, target: AnyActorRef, event: EventObject): void => {
    if (source && event.type.startsWith('xstate.error.actor.')) releaseCrashed(source);
    if (Reflect.get(target, '_processingStatus') !== STOPPED) relayOn(source, target, event);
    else if (!isInternal(event)) reportUnheard(target, event);
  };
  Reflect.set(system, '_relay', watched);
}

function reportUnheard(target: AnyActorRef, event: EventObject): void {
  const { paths, report } = contextOf(target.system);
  const receiver = paths.get(target) ?? target.id;
  report({ type: 'dead_letter', receiver, event, reason: 'receiver-stopped' });
}

/**
 * An inspector that throws would leave the actor's mailbox believing for ever that it is busy: XState does not
 * guard these calls.
 */
export function guardInspector<E>(
  inspect: (event: E) => void,
  onError: (error: Error) => void,
): (event: E) => void {
  return (event) => {
    try {
      inspect(event);
    } catch (thrown) {
      onError(coerceError(thrown));
    }
  };
}

/** `actor.mailbox` is what `send` puts messages into and what runs them through the logic. */
function installMailbox(ref: AnyActorRef, limit: MailboxLimit, path: string): void {
  const inner: unknown = Reflect.get(ref, 'mailbox');
  if (!isMailbox(inner)) throw new Error('XState has changed: an actor has no `mailbox` to put ours before');
  const mailbox = new BoundedMailbox(
    inner,
    limit,
    (event) => staleness(ref, event),
    (event, reason) => contextOf(ref.system).report({ type: 'dead_letter', receiver: path, event, reason }),
  );
  mailboxes.set(ref, mailbox);
  Reflect.set(ref, 'mailbox', mailbox);
}

/**
 * XState handles a child's end and a timer at once, so it never asks whether they are still current. Behind our
 * mailbox the machine may meanwhile have left the state they belong to and even entered it anew under the same ids.
 */
function staleness(ref: AnyActorRef, event: EventObject): () => boolean {
  if (isChildEnd(event)) {
    const child = childrenOf(ref)[event.actorId];
    return () => child !== undefined && childrenOf(ref)[event.actorId] !== child;
  }
  return () => schedulers.get(ref.system)?.isRevoked(event) ?? false;
}

function isChildEnd(event: EventObject): event is EventObject & { actorId: string } {
  const ended = event.type.startsWith('xstate.done.actor.') || event.type.startsWith('xstate.error.actor.');
  return ended && 'actorId' in event && typeof event.actorId === 'string';
}

/**
 * An actor that failed keeps what it holds: XState neither stops a machine's children nor disposes a callback or
 * aborts a promise. They do so themselves when their logic sees the stop event.
 */
function releaseCrashed(ref: AnyActorRef): void {
  if (released.has(ref)) return;
  released.add(ref);
  stopChildren(ref);
  const snapshot = ref.getSnapshot();
  if (isMachineSnapshot(snapshot)) return;
  const scope: unknown = Reflect.get(ref, '_actorScope');
  const logic: unknown = Reflect.get(ref, 'logic');
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

/** `maxIterations` belongs to a machine's definition (`options`), so machines used inside of it need their own. */
function boundMicrosteps(logic: unknown): void {
  if (!(logic instanceof StateMachine) || bounded.has(logic)) return;
  bounded.add(logic);
  if (logic.options.maxIterations === Number.POSITIVE_INFINITY) {
    Reflect.set(logic.options, 'maxIterations', MAX_MICROSTEPS);
  }
  for (const inner of Object.values(logic.implementations.actors)) boundMicrosteps(inner);
}

function internal(owner: object, member: string): (...args: unknown[]) => unknown {
  const found: unknown = Reflect.get(owner, member);
  if (typeof found !== 'function') throw new Error(`XState has changed: there is no \`${member}\` any more`);
  return (...args) => Reflect.apply(found, owner, args);
}

function isMailbox(value: unknown): value is XStateMailbox {
  return value instanceof Object && 'start' in value && 'clear' in value && 'enqueue' in value;
}

function isChildren(value: unknown): value is Record<string, AnyActorRef> {
  return value instanceof Object;
}
