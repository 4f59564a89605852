import type { AnyActorRef, EventObject } from 'xstate';
import { contextOf, type System } from '../context.ts';
import { type Address, slotAt } from '../mailbox/mailslot.ts';
import type { Admission, OnAdmitted } from '../mailbox/message-queue.ts';
import type { Name } from '../supervisor/child-spec.ts';
import { relay } from '../xstate/index.ts';

/** The live incarnation that holds a registered name. */
export function whereis(system: System, name: Name): AnyActorRef | undefined {
  const { registry, key } = addressOf(system, name);
  return registry.whereis(key);
}

/**
 * Sends to whoever holds the name now. False where the message was not taken in: nobody holds it, or there is no
 * room; either is reported as a dead letter. True says that it waits, not that it was handled.
 *
 * @param from the sender, for inspectors
 */
export function send(system: System, name: Name, event: EventObject, from?: AnyActorRef): boolean {
  return post(system, name, event, from) !== 'refused';
}

/**
 * Sends like `send`, and resolves once the message is in the mailbox: at once where there is room; where it is
 * parked, as soon as there is. False where it was refused, or the receiver ended before. A sender that waits for each
 * offer goes no faster than its receiver.
 */
export function offer(system: System, name: Name, event: EventObject, from?: AnyActorRef): Promise<boolean> {
  return new Promise((resolve) => {
    const admission = post(system, name, event, from, resolve);
    if (admission !== 'parked') resolve(admission === 'admitted');
  });
}

/** A child with `mailbox.keep` that is between two incarnations still takes messages. */
function post(
  system: System,
  name: Name,
  event: EventObject,
  from: AnyActorRef | undefined,
  onAdmitted?: OnAdmitted,
): Admission {
  const address = addressOf(system, name);
  const receiver = address.registry.whereis(address.key);
  if (receiver) return relay(from, receiver, event, onAdmitted);
  const slot = slotAt(address);
  if (slot) return slot.put(event, onAdmitted);
  contextOf(system).report({
    type: 'dead_letter',
    receiver: describeName(name),
    event,
    reason: 'no-receiver',
  });
  return 'refused';
}

/** The registry that keeps this name, and what it is called there. */
export function addressOf(system: System, name: Name): Address {
  if (typeof name === 'string') return { registry: contextOf(system).names, key: name };
  return { registry: name.via, key: name.name };
}

export function describeName(name: Name): string {
  return typeof name === 'string' ? name : String(name.name);
}
