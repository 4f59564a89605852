import type { AnyActorLogic, AnyActorRef, EventObject } from 'xstate';
import { createActor, StateMachine } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import type { MailboxLimit, ResolvedChildSpec } from '../child-spec.ts';
import { contextOf, type RuntimeClock, type System } from '../context.ts';
import { BoundedMailbox, isInternal, type XStateMailbox } from '../mailbox/mailbox.ts';
import { childrenOf, releaseCrashed } from './actor.ts';
import { internal, isDeaf } from './internals.ts';
import { IndexedScheduler } from './scheduler.ts';

/** XState loops for ever on a machine whose eventless transitions never settle, unless told when to stop. */
const MAX_MICROSTEPS = 1_000;

const mailboxes = new WeakMap<AnyActorRef, BoundedMailbox>();
const schedulers = new WeakMap<System, IndexedScheduler>();
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
    if (!isDeaf(target)) relayOn(source, target, event);
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
function installMailbox(ref: AnyActorRef, limit: Required<MailboxLimit>, path: string): void {
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

/** `maxIterations` belongs to a machine's definition (`options`), so machines used inside of it need their own. */
function boundMicrosteps(logic: unknown): void {
  if (!(logic instanceof StateMachine) || bounded.has(logic)) return;
  bounded.add(logic);
  if (logic.options.maxIterations === Number.POSITIVE_INFINITY) {
    Reflect.set(logic.options, 'maxIterations', MAX_MICROSTEPS);
  }
  for (const inner of Object.values(logic.implementations.actors)) boundMicrosteps(inner);
}

function isMailbox(value: unknown): value is XStateMailbox {
  return value instanceof Object && 'start' in value && 'clear' in value && 'enqueue' in value;
}
