import type { NameRegistry } from '../process/registry.ts';
import type { MailboxLimit } from '../supervisor/child-spec.ts';
import { MessageQueue, type Reporter } from './message-queue.ts';

/** Where a name is kept, and what it is called there. */
export interface Address {
  readonly registry: NameRegistry;
  readonly key: unknown;
}

const slots = new WeakMap<NameRegistry, Map<unknown, Mailslot>>();

/** Where messages to a name wait while its holder is between two incarnations. */
export function slotAt({ registry, key }: Address): Mailslot | undefined {
  return slots.get(registry)?.get(key);
}

/**
 * The queue of a child with `mailbox.keep`. It outlives the child's incarnations: each finds what the one before it
 * left, and what was sent to the child's name meanwhile.
 */
export class Mailslot extends MessageQueue {
  readonly #address: Address | undefined;

  /** @param address of the child's registered name, where it has one */
  constructor(path: string, limit: Required<MailboxLimit>, reporter: Reporter, address?: Address) {
    super(path, limit, reporter);
    this.#address = address;
  }

  /** From now on there is an incarnation, or one is to come. */
  open(): void {
    if (!this.#address || slotAt(this.#address)) return;
    const { registry, key } = this.#address;
    const named = slots.get(registry) ?? new Map<unknown, Mailslot>();
    slots.set(registry, named.set(key, this));
  }

  /** An incarnation has ended; what waits is for the next. */
  override abandon(): void {
    this.keepMessages();
  }

  /** No incarnation is to come, until it is opened again: what waits becomes dead letters. */
  release(): void {
    if (this.#address && slotAt(this.#address) === this) {
      slots.get(this.#address.registry)?.delete(this.#address.key);
    }
    super.abandon();
  }
}
