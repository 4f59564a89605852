import type { EventObject } from 'xstate';
import type { DeadLetterReason, RuntimeReport } from '../report/report.ts';
import type { MailboxLimit } from '../supervisor/child-spec.ts';
import { Fifo } from './fifo.ts';
import { isInternal } from './internal-event.ts';

/** What became of a message: it waits for its turn, it waits for room, or it is a dead letter. */
export type Admission = 'admitted' | 'parked' | 'refused';

/** Told once about a message that was parked: true when there was room for it, false when there never will be. */
export type OnAdmitted = (admitted: boolean) => void;

interface Parked {
  readonly event: EventObject;
  readonly onAdmitted: OnAdmitted | undefined;
}

/** Where dead letters are told of. */
export interface Reporter {
  report(report: RuntimeReport): void;
}

/**
 * What waits for an actor, in order and bounded. A message that finds no room is treated as the limit says.
 * Internal events stand among the messages but are never refused: an actor without them would hang.
 */
export class MessageQueue {
  /** Of the actor. */
  readonly path: string;
  readonly reporter: Reporter;
  readonly #limit: Required<MailboxLimit>;
  #waiting: Fifo<EventObject> | undefined;
  #parked: Fifo<Parked> | undefined;

  constructor(path: string, limit: Required<MailboxLimit>, reporter: Reporter) {
    this.path = path;
    this.reporter = reporter;
    this.#limit = limit;
  }

  /** Events that wait for their turn. */
  get length(): number {
    return this.#waiting?.length ?? 0;
  }

  /** Messages that wait for room. */
  get parked(): number {
    return this.#parked?.length ?? 0;
  }

  get events(): readonly EventObject[] {
    return this.#waiting ? [...this.#waiting] : [];
  }

  /** Whether a message put in now would be refused. */
  get full(): boolean {
    if (this.length < this.#limit.capacity || this.#limit.overflow === 'drop-oldest') return false;
    return this.#limit.overflow === 'reject' || this.parked >= this.#limit.parking;
  }

  /** @param onAdmitted told later where the result is `parked`, otherwise never */
  put(event: EventObject, onAdmitted?: OnAdmitted): Admission {
    if (this.length < this.#limit.capacity || isInternal(event)) return this.#admit(event);
    if (this.#limit.overflow === 'park') return this.#park(event, onAdmitted);
    if (this.#limit.overflow === 'reject') return this.#refuse(event, 'mailbox-full');
    this.#dropOldest();
    return this.#admit(event);
  }

  /** The event whose turn it is. Its place goes to the first that is parked. */
  shift(): EventObject | undefined {
    const event = this.#waiting?.shift();
    if (this.#parked) this.#unpark(this.#parked);
    return event;
  }

  /** The actor has ended: nobody will take what waits. */
  abandon(): void {
    const [waiting, parked] = [this.#waiting ?? [], this.#parked ?? []];
    this.#waiting = undefined;
    this.#parked = undefined;
    for (const event of waiting) if (!isInternal(event)) this.#refuse(event, 'receiver-stopped');
    for (const { event, onAdmitted } of parked) {
      this.#refuse(event, 'receiver-stopped');
      onAdmitted?.(false);
    }
  }

  /** Drops the internal events: they mean nothing to another incarnation. */
  protected keepMessages(): void {
    const messages = this.events.filter((event) => !isInternal(event));
    this.#waiting = undefined;
    for (const event of messages) this.#admit(event);
    if (this.#parked) this.#unpark(this.#parked);
  }

  #admit(event: EventObject): Admission {
    this.#waiting ??= new Fifo();
    this.#waiting.push(event);
    return 'admitted';
  }

  #park(event: EventObject, onAdmitted: OnAdmitted | undefined): Admission {
    if (this.parked >= this.#limit.parking) return this.#refuse(event, 'parking-full');
    this.#parked ??= new Fifo();
    this.#parked.push({ event, onAdmitted });
    return 'parked';
  }

  #unpark(parked: Fifo<Parked>): void {
    while (parked.length > 0 && this.length < this.#limit.capacity) {
      const next = parked.shift();
      if (!next) return;
      this.#admit(next.event);
      next.onAdmitted?.(true);
    }
  }

  #dropOldest(): void {
    const dropped = this.#waiting?.remove((event) => !isInternal(event));
    if (dropped) this.#refuse(dropped, 'dropped-oldest');
  }

  #refuse(event: EventObject, reason: DeadLetterReason): Admission {
    this.reporter.report({ type: 'dead_letter', receiver: this.path, event, reason });
    return 'refused';
  }
}
