import type { AnyActorLogic, AnyActorRef } from 'xstate';
import { createActor, StateMachine } from 'xstate';
import { contextOf, type RuntimeClock, type System } from '../context.ts';
import type { Mailslot } from '../mailbox/mailslot.ts';
import { MessageQueue } from '../mailbox/message-queue.ts';
import type { ResolvedChildSpec } from '../supervisor/child-spec.ts';
import { ActorMailbox } from './actor-mailbox.ts';
import { adoptInspectors } from './inspection.ts';
import { checkActor, checkSystem, internals, systemInternals } from './internals.ts';
import { relay } from './relay.ts';
import { indexTimers } from './scheduler.ts';
import { withCompiledStep } from './step/compiled-step.ts';

/** XState loops for ever on a machine whose eventless transitions never settle, unless told when to stop. */
const MAX_MICROSTEPS = 1_000;

const bounded = new WeakSet<AnyActorLogic>();

/**
 * Creates a child that is not started yet. A logic that throws at once yields an actor that fails when started.
 *
 * @param slot what waits for the child across its incarnations; without, each has a queue of its own
 */
export function createChild(
  parent: AnyActorRef,
  spec: ResolvedChildSpec,
  incarnation: number,
  path: string,
  slot?: Mailslot,
): AnyActorRef {
  boundMicrosteps(spec.logic);
  const logic = spec.logic instanceof StateMachine ? withCompiledStep(spec.logic) : spec.logic;
  const ref = createActor(logic, { parent, id: `${spec.id}#${incarnation}`, input: spec.input });
  if (spec.type === 'worker') installMailbox(ref, spec, path, slot);
  return ref;
}

/** Prepares a system before any of its actors has started. */
export function adoptSystem(root: AnyActorRef, clock: RuntimeClock): void {
  const { system } = root;
  checkActor(root);
  checkSystem(system);
  indexTimers(system, clock);
  systemInternals(system)._relay = relay;
  adoptInspectors(root);
  noteBirths(system);
}

/** XState tells nobody when a machine starts an actor of its own; it registers each, which is where we hear of it. */
function noteBirths(system: System): void {
  const { paths, births, clock } = contextOf(system);
  const register = systemInternals(system)._register;
  systemInternals(system)._register = (sessionId, ref) => {
    if (!paths.has(ref)) births.set(ref, clock.now());
    return register(sessionId, ref);
  };
}

function installMailbox(ref: AnyActorRef, spec: ResolvedChildSpec, path: string, slot?: Mailslot): void {
  const context = contextOf(ref.system);
  const queue = slot ?? new MessageQueue(path, spec.mailbox, context);
  internals(ref).mailbox = new ActorMailbox(ref, queue, context.runQueue);
}

/** `maxIterations` belongs to a machine's definition (`options`), so machines used inside of it need their own. */
export function boundMicrosteps(logic: unknown): void {
  if (!(logic instanceof StateMachine) || bounded.has(logic)) return;
  bounded.add(logic);
  if (logic.options.maxIterations === Number.POSITIVE_INFINITY) {
    Reflect.set(logic.options, 'maxIterations', MAX_MICROSTEPS);
  }
  for (const inner of Object.values(logic.implementations.actors)) boundMicrosteps(inner);
}
