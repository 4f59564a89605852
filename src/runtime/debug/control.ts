import type { AnyActorRef } from 'xstate';
import { ok, type Result } from '../../core/result.ts';
import { DEBUGGED } from '../mailbox/mailbox.ts';
import { type TerminateReason, terminate as terminateNow } from '../process/terminate.ts';
import { isDeaf } from '../xstate/index.ts';
import { type NotDebuggable, openMailbox } from './tap.ts';

/**
 * Messages wait in the mailbox until `resume`, or until the actor is asked to shut down; whatever this module offers is
 * served meanwhile.
 */
export function suspend(ref: AnyActorRef): Result<undefined, NotDebuggable> {
  const mailbox = openMailbox(ref);
  if (!mailbox.ok) return mailbox;
  mailbox.value.suspend(DEBUGGED);
  return ok(undefined);
}

/** Lets the messages that waited be handled, in order. Does nothing where the actor was not suspended. */
export function resume(ref: AnyActorRef): Result<undefined, NotDebuggable> {
  const mailbox = openMailbox(ref);
  if (!mailbox.ok) return mailbox;
  mailbox.value.resume(DEBUGGED);
  return ok(undefined);
}

/**
 * Ends an actor with that reason, suspended or not, trapping exits or not, soon after this call; its supervisor
 * decides what follows. False where it had ended already.
 */
export function terminate(ref: AnyActorRef, reason: TerminateReason): boolean {
  if (isDeaf(ref)) return false;
  setImmediate(() => terminateNow(ref, reason));
  return true;
}
