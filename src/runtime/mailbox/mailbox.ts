import type { EventObject } from 'xstate';
import type { MailboxLimit } from '../child-spec.ts';
import type { DeadLetterReason } from '../report.ts';
import { SHUTDOWN_EVENT } from '../supervisor-logic.ts';
import { Fifo } from './fifo.ts';

/** What XState asks of a mailbox, and what it puts the messages through once it is their turn. */
export interface XStateMailbox {
  start(): void;
  clear(): void;
  enqueue(event: EventObject): void;
}

interface Waiting {
  readonly event: EventObject;
  readonly isStale: () => boolean;
}

/** Messages handed over before other actors, timers and sockets get their turn. */
const BATCH = 16;

/**
 * A bounded mailbox that hands messages over in order on a later macrotask, so that no sender ever runs its
 * receiver on its own stack: long chains cannot overflow it, and a flood to one actor leaves the others their turn.
 *
 * XState's own events (`xstate.*`: a child is done, a timer fired) and the request to shut down are queued with the
 * rest, in order, but are never refused: an actor without them would hang. Being stopped does not queue.
 */
export class BoundedMailbox implements XStateMailbox {
  readonly #inner: XStateMailbox;
  readonly #limit: Required<MailboxLimit>;
  readonly #stale: (event: EventObject) => () => boolean;
  readonly #onDeadLetter: (event: EventObject, reason: DeadLetterReason) => void;
  #queue = new Fifo<Waiting>();
  #active = false;
  #scheduled = false;

  /**
   * @param inner the actor's own mailbox, which processes at once
   * @param stale called as an event arrives; what it returns is asked when the event's turn has come, and true
   *   drops it: it was about something that is over
   */
  constructor(
    inner: XStateMailbox,
    limit: Required<MailboxLimit>,
    stale: (event: EventObject) => () => boolean,
    onDeadLetter: (event: EventObject, reason: DeadLetterReason) => void,
  ) {
    this.#inner = inner;
    this.#limit = limit;
    this.#stale = stale;
    this.#onDeadLetter = onDeadLetter;
  }

  /** Messages waiting. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Whether a message sent now would be refused. */
  get full(): boolean {
    return this.#limit.overflow === 'reject' && this.#queue.length >= this.#limit.capacity;
  }

  start(): void {
    this.#inner.start();
    this.#active = true;
    this.#schedule();
  }

  clear(): void {
    const undelivered = this.#queue;
    this.#queue = new Fifo();
    this.#inner.clear();
    for (const { event } of undelivered) {
      if (!isInternal(event)) this.#onDeadLetter(event, 'receiver-stopped');
    }
  }

  enqueue(event: EventObject): void {
    if (event.type === 'xstate.stop') this.#inner.enqueue(event);
    else if (isInternal(event) || this.#makeRoom(event)) {
      this.#queue.push({ event, isStale: this.#stale(event) });
      this.#schedule();
    }
  }

  #makeRoom(event: EventObject): boolean {
    if (this.#queue.length < this.#limit.capacity) return true;
    if (this.#limit.overflow === 'reject') {
      this.#onDeadLetter(event, 'mailbox-full');
      return false;
    }
    const dropped = this.#queue.remove((waiting) => !isInternal(waiting.event));
    if (dropped) this.#onDeadLetter(dropped.event, 'dropped-oldest');
    return true;
  }

  #schedule(): void {
    if (this.#scheduled || !this.#active || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    for (let handed = 0; handed < BATCH; handed++) {
      const next = this.#queue.shift();
      if (!next) return;
      if (!next.isStale()) this.#inner.enqueue(next.event);
    }
    this.#schedule();
  }
}

/** Events that are part of how actors work, not messages. */
export function isInternal(event: EventObject): boolean {
  return event.type.startsWith('xstate.') || event.type === SHUTDOWN_EVENT.type;
}
