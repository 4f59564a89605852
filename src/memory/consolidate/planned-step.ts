import type { MemoryStep } from '../../core/memory.ts';
import type { Statement } from '../../storage/index.ts';

/** A document as it was when a step was planned. */
export interface Seen {
  readonly path: string;
  readonly version: number;
}

/** One step of tidying, ready to be done in one commit. */
export interface PlannedStep {
  readonly action: MemoryStep['action'];
  /** Why, in a sentence for people. */
  readonly reason: string;
  /** What it changes or removes. Where one of them was changed meanwhile, nothing of the step is done. */
  readonly changes: readonly Seen[];
  /** What it leaves as it is, and leans on: the document that says the same. */
  readonly leansOn: readonly Seen[];
  /** Of the changed ones: those that are removed, with their versions. */
  readonly removes: readonly string[];
  /** What does not exist yet and is made. */
  readonly creates: readonly string[];
  /** Everything but the removal. */
  readonly writes: readonly Statement[];
  /** Lines that stay take over the provenance and the uses of lines that go. */
  readonly inherits: readonly Inheritance[];
}

/** Both lines as they stand in the document, without the space around them. */
export interface Inheritance {
  readonly from: { readonly path: string; readonly line: string; readonly key: string };
  readonly to: { readonly path: string; readonly line: string; readonly key: string };
  /** The line that stays says more than the other said. */
  readonly mixed: boolean;
}
