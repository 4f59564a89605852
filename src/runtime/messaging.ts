import type { AnyActorRef, EventObject } from 'xstate';
import type { Name } from './child-spec.ts';
import { contextOf, type System } from './context.ts';
import type { NameRegistry } from './registry.ts';
import { mailboxOf, relay } from './xstate/index.ts';

/** The live incarnation that holds a registered name. */
export function whereis(system: System, name: Name): AnyActorRef | undefined {
  const { registry, key } = addressOf(system, name);
  return registry.whereis(key);
}

/**
 * Sends to whoever holds the name now. False where the message was not taken in: nobody holds it, or the mailbox is
 * full; either is reported as a dead letter. True says that it waits in the mailbox, not that it was handled.
 *
 * @param from the sender, for inspectors
 */
export function send(system: System, name: Name, event: EventObject, from?: AnyActorRef): boolean {
  const receiver = whereis(system, name);
  if (!receiver) {
    contextOf(system).report({
      type: 'dead_letter',
      receiver: describeName(name),
      event,
      reason: 'no-receiver',
    });
    return false;
  }
  const refused = mailboxOf(receiver)?.full ?? false;
  relay(from, receiver, event);
  return !refused;
}

/** The registry that keeps this name, and what it is called there. */
export function addressOf(
  system: System,
  name: Name,
): { readonly registry: NameRegistry; readonly key: unknown } {
  if (typeof name === 'string') return { registry: contextOf(system).names, key: name };
  return { registry: name.via, key: name.name };
}

export function describeName(name: Name): string {
  return typeof name === 'string' ? name : String(name.name);
}
