import type { AnyActorRef, EventObject } from 'xstate';
import { contextOf, type System } from './context.ts';
import { mailboxOf, relay } from './xstate-adapter.ts';

/** The live incarnation that holds a registered name. */
export function whereis(system: System, name: string): AnyActorRef | undefined {
  return contextOf(system).names.get(name);
}

/**
 * Sends to whoever holds the name now. False where the message was not taken in: nobody holds it, or the mailbox is
 * full; either is reported as a dead letter. True says that it waits in the mailbox, not that it was handled.
 *
 * @param from the sender, for inspectors
 */
export function send(system: System, name: string, event: EventObject, from?: AnyActorRef): boolean {
  const receiver = whereis(system, name);
  if (!receiver) {
    contextOf(system).report({ type: 'dead_letter', receiver: name, event, reason: 'no-receiver' });
    return false;
  }
  const refused = mailboxOf(receiver)?.full ?? false;
  relay(from, receiver, event);
  return !refused;
}
