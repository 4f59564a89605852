import type { EventObject } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import { isCurrent } from './claim.ts';
import type { Admission, MessageQueue, OnAdmitted } from './message-queue.ts';
import type { Runnable, RunQueue } from './run-queue.ts';

/** Why a mailbox is suspended where somebody debugs its actor. */
export const DEBUGGED = 'sys';

/** Sees each event that is handed to the actor. What it throws is reported. */
export interface MailboxTap {
  /** It is the event's turn. */
  taken(event: EventObject): void;
  /** The actor has handled it, or has failed to. */
  handled(event: EventObject): void;
}

/**
 * Hands an actor what waits in its queue, in order, when the run queue says so: no sender ever runs its receiver on
 * its own stack, so long chains cannot overflow it. Being stopped does not queue.
 */
export abstract class Mailbox implements Runnable {
  /** Events handed over so far. */
  takenCount = 0;
  tap: MailboxTap | undefined;
  readonly #queue: MessageQueue;
  readonly #runQueue: RunQueue;
  #holds: Set<string> | undefined;
  #stop: EventObject | undefined;
  #active = false;
  /** The actor ends: what comes now is for its next incarnation, or for nobody. */
  #closed = false;
  /** Whether events are handed over: the actor has started, has not ended, and nobody suspended it. */
  #open = false;
  /** Whether it stands in the run queue. */
  #queued = false;
  #busy = false;

  constructor(queue: MessageQueue, runQueue: RunQueue) {
    this.#queue = queue;
    this.#runQueue = runQueue;
  }

  /** Has the actor handle an event, at once. */
  protected abstract process(event: EventObject): void;

  get path(): string {
    return this.#queue.path;
  }

  /** Events that wait for their turn. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Messages that wait for room. */
  get parked(): number {
    return this.#queue.parked;
  }

  /** Whether a message put in now would be refused. */
  get full(): boolean {
    return this.#queue.full;
  }

  /** What waits for its turn, in order. */
  waiting(): readonly EventObject[] {
    return this.#queue.events;
  }

  /** Nothing is handed over any more, except being stopped, until everyone who asked for that resumes it. */
  suspend(reason: string): void {
    this.#holds ??= new Set();
    this.#holds.add(reason);
    this.#open = false;
  }

  resume(reason: string): void {
    this.#holds?.delete(reason);
    if (this.#holds?.size === 0) this.#holds = undefined;
    this.#reopen();
  }

  /** Whether somebody suspended it. */
  get suspended(): boolean {
    return this.#holds !== undefined;
  }

  /** The actor takes events from now on. */
  start(): void {
    this.#active = true;
    this.#stopNow();
    this.#reopen();
  }

  put(event: EventObject, onAdmitted?: OnAdmitted): Admission {
    const admission = this.#queue.put(event, onAdmitted);
    this.#schedule();
    return admission;
  }

  /** Has the actor handle this event ahead of everything; where it is just handling another, after that one. */
  stop(event: EventObject): void {
    this.#stop = event;
    if (this.#active && !this.#busy) this.#stopNow();
  }

  /** The actor ends. */
  clear(): void {
    this.#closed = true;
    this.#open = false;
    this.#stop = undefined;
    this.#queue.abandon();
  }

  /** One event. */
  run(): boolean {
    const event = this.#open ? this.#queue.shift() : undefined;
    if (event && isCurrent(event)) this.#handOver(event);
    this.#queued = this.#open && this.#queue.length > 0;
    return this.#queued;
  }

  #reopen(): void {
    this.#open = this.#active && !this.#closed && !this.#holds;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#queued || !this.#open || this.#queue.length === 0) return;
    this.#queued = true;
    this.#runQueue.add(this);
  }

  #handOver(event: EventObject): void {
    this.takenCount++;
    if (this.tap) this.#handleTapped(event);
    else this.#handle(event);
  }

  /** The tap may end the actor, and may be taken off. */
  #handleTapped(event: EventObject): void {
    this.#tell('taken', event);
    if (!this.#closed) this.#handle(event);
    this.#tell('handled', event);
  }

  #handle(event: EventObject): void {
    this.#busy = true;
    try {
      this.process(event);
    } finally {
      this.#busy = false;
    }
    if (this.#stop) this.#stopNow();
  }

  #stopNow(): void {
    const stop = this.#stop;
    this.#stop = undefined;
    if (stop) this.#handle(stop);
  }

  #tell(what: keyof MailboxTap, event: EventObject): void {
    try {
      this.tap?.[what](event);
    } catch (thrown) {
      this.#queue.reporter.report({ type: 'listener_error', error: coerceError(thrown) });
    }
  }
}
