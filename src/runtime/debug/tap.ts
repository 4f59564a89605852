import type { AnyActorRef, EventObject } from 'xstate';
import { err, ok, type Result } from '../../core/result.ts';
import { contextOf } from '../context.ts';
import { guarded } from '../process/listener.ts';
import { describeState } from '../process/state.ts';
import { isDeaf, mailboxOf } from '../xstate/index.ts';

/** What an actor does, as its debuggers see it: it takes a message, and has handled it; `at` on the runtime's clock. */
export type DebugEvent =
  | { readonly at: number; readonly in: EventObject }
  | { readonly at: number; readonly state: string };

/** Called with every debug event, until it says `done`. */
export type Debugger = (event: DebugEvent) => 'done' | undefined;

/** `noproc`: the actor has ended; `no-mailbox`: it is a supervisor, or a machine made it for itself. */
export type NotDebuggable = { readonly kind: 'noproc' | 'no-mailbox' };

type Mailbox = NonNullable<ReturnType<typeof mailboxOf>>;

const attached = new WeakMap<AnyActorRef, Map<unknown, Debugger>>();

/** The mailbox of a live actor. */
export function openMailbox(ref: AnyActorRef): Result<Mailbox, NotDebuggable> {
  if (isDeaf(ref)) return err({ kind: 'noproc' });
  const mailbox = mailboxOf(ref);
  return mailbox ? ok(mailbox) : err({ kind: 'no-mailbox' });
}

/**
 * Adds a debugger to the one tap that a mailbox has; the tap is taken off with the last of them. A debugger that
 * throws is reported as `listener_error` and taken off.
 */
export function attach(ref: AnyActorRef, id: unknown, debug: Debugger): Result<undefined, NotDebuggable> {
  const mailbox = openMailbox(ref);
  if (!mailbox.ok) return mailbox;
  const debuggers = attached.get(ref) ?? new Map<unknown, Debugger>();
  attached.set(ref, debuggers.set(id, debug));
  mailbox.value.tap ??= tapOf(ref, debuggers);
  return ok(undefined);
}

export function isAttached(ref: AnyActorRef, id: unknown): boolean {
  return attached.get(ref)?.has(id) ?? false;
}

/** Does nothing where there is no such debugger. */
export function detach(ref: AnyActorRef, id: unknown): void {
  const debuggers = attached.get(ref);
  if (debuggers?.delete(id) && debuggers.size === 0) detachAll(ref);
}

export function detachAll(ref: AnyActorRef): void {
  attached.delete(ref);
  const mailbox = mailboxOf(ref);
  if (mailbox) mailbox.tap = undefined;
}

function tapOf(ref: AnyActorRef, debuggers: ReadonlyMap<unknown, Debugger>): NonNullable<Mailbox['tap']> {
  const { clock } = contextOf(ref.system);
  const tell = (event: DebugEvent): void => {
    for (const [id, debug] of debuggers) {
      if (guarded(ref.system, () => debug(event), 'done') === 'done') detach(ref, id);
    }
  };
  return {
    taken: (event) => tell({ at: clock.now(), in: event }),
    handled: () => tell({ at: clock.now(), state: describeState(ref) }),
  };
}
