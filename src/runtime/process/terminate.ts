import type { AnyActorRef } from 'xstate';
import { fail, isDeaf, markExit, parentOf, relay, STOP } from '../xstate/index.ts';
import { type ExitReason, ShutdownExit } from './exit.ts';
import { isSupervised } from './identity.ts';

/** What an actor can be made to end with. */
export type TerminateReason = Exclude<ExitReason, { kind: 'noproc' }>;

/**
 * Ends an actor at once with that reason, whether it likes it or not; its owner decides what follows. Not to be
 * called while the actor is handling a message.
 *
 * @returns false where it had ended already
 */
export function terminate(ref: AnyActorRef, reason: TerminateReason): boolean {
  if (isDeaf(ref)) return false;
  if (reason.kind === 'error') return fail(ref, reason.error);
  // A machine is not told of a child that is stopped, only of one that fails.
  if (parentOf(ref) && !isSupervised(ref)) return fail(ref, asError(reason));
  markExit(ref, reason);
  relay(undefined, ref, STOP);
  return true;
}

function asError(reason: TerminateReason): Error {
  if (reason.kind === 'error') return reason.error;
  if (reason.kind === 'killed') return new Error('it was killed');
  return (
    (reason.kind === 'shutdown' && reason.cause) || new ShutdownExit(`it was told to end: ${reason.kind}`)
  );
}
