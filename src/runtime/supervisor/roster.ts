import type { AnyActorRef } from 'xstate';
import type { Child } from './child.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import type { InstanceOptions } from './supervisor-call.ts';

/**
 * The children of one supervisor in start order, found at constant cost. Those of a `simple_one_for_one` supervisor
 * are also found by their reference, that of a child's last incarnation included while the next is awaited.
 */
export class Roster {
  #children = new Map<string, Child>();
  readonly #instances = new Map<AnyActorRef, Child>();
  readonly #significant = new Set<Child>();
  #instancesMade = 0;

  get size(): number {
    return this.#children.size;
  }

  [Symbol.iterator](): IterableIterator<Child> {
    return this.#children.values();
  }

  get(id: string): Child | undefined {
    return this.#children.get(id);
  }

  instance(ref: AnyActorRef): Child | undefined {
    return this.#instances.get(ref);
  }

  add(child: Child): void {
    this.#children.set(child.spec.id, child);
  }

  /** A specification of its own for one more instance of a template. */
  instantiate(template: ResolvedChildSpec, input: unknown, as: InstanceOptions): ResolvedChildSpec {
    const id = as.id ?? this.#freeId(template.id);
    return { ...template, id, name: as.name ?? template.name, input: input ?? template.input };
  }

  /** Passes over the ids that others were given. */
  #freeId(prefix: string): string {
    const id = `${prefix}:${++this.#instancesMade}`;
    return this.#children.has(id) ? this.#freeId(prefix) : id;
  }

  /** A new incarnation of an instance is known by its own reference instead of the last one's. */
  know(child: Child): void {
    if (child.handle) this.#instances.delete(child.handle);
    child.handle = child.ref;
    if (child.ref) this.#instances.set(child.ref, child);
  }

  remove(child: Child): void {
    this.#significant.delete(child);
    if (child.handle) this.#instances.delete(child.handle);
    if (this.#children.get(child.spec.id) === child) this.#children.delete(child.spec.id);
  }

  from(child: Child): readonly Child[] {
    const all = [...this];
    return all.slice(all.indexOf(child));
  }

  /** Significant children that run, or will again. */
  get significant(): Set<Child> {
    return this.#significant;
  }

  /** In this order from now on; those that are not named keep theirs, behind. */
  reorder(ids: readonly string[]): void {
    const former = this.#children;
    this.#children = new Map();
    for (const id of [...ids, ...former.keys()]) {
      const child = former.get(id);
      if (child && !this.#children.has(id)) this.#children.set(id, child);
    }
  }
}
