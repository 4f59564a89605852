import type { Charges } from './charge.ts';
import type { Globals } from './globals.ts';
import type { Signature } from './types.ts';

/** What the code of a module's functions refers to. */
export interface Scope {
  readonly signatures: readonly Signature[];
  /** The signature of each function, imported ones first. */
  readonly functions: readonly Signature[];
  readonly importedFunctions: number;
  /** How many values the exceptions of each tag carry, imported ones first. */
  readonly tags: readonly number[];
  readonly globals: Globals;
  readonly charges: Charges;
}
