import type { AnyActorRef, EventObject } from 'xstate';
import { Mailbox } from '../mailbox/mailbox.ts';
import type { Admission, MessageQueue, OnAdmitted } from '../mailbox/message-queue.ts';
import type { RunQueue } from '../mailbox/run-queue.ts';
import { internals, STOP, type XStateMailbox } from './internals.ts';

/** What still waited when an actor ended; XState takes the mailbox away from it then. */
const left = new WeakMap<AnyActorRef, number>();

/** A mailbox in the place of XState's own, which runs the receiver on the stack of the sender. */
export class ActorMailbox extends Mailbox implements XStateMailbox {
  readonly #ref: AnyActorRef;

  constructor(ref: AnyActorRef, queue: MessageQueue, runQueue: RunQueue) {
    super(queue, runQueue);
    this.#ref = ref;
  }

  enqueue(event: EventObject): void {
    this.accept(event);
  }

  accept(event: EventObject, onAdmitted?: OnAdmitted): Admission {
    if (event.type !== STOP.type) return this.put(event, onAdmitted);
    this.stop(event);
    return 'admitted';
  }

  override clear(): void {
    if (this.depth > 0) left.set(this.#ref, this.depth);
    super.clear();
  }

  protected override process(event: EventObject): void {
    internals(this.#ref)._process(event);
  }
}

/** The mailbox of a live supervised worker. */
export function mailboxOf(ref: AnyActorRef): Mailbox | undefined {
  const { mailbox } = internals(ref);
  return mailbox instanceof ActorMailbox ? mailbox : undefined;
}

/** Events that wait for an actor, or that waited when it ended. */
export function queueLengthOf(ref: AnyActorRef): number {
  return mailboxOf(ref)?.depth ?? left.get(ref) ?? 0;
}
