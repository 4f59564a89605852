import type { Reader } from './reader.ts';
import { refuse } from './refusal.ts';
import { skipValueType } from './types.ts';

/** The globals of a module once fuel stands between those it imports and those it defines. */
export interface Globals {
  /** The index of fuel. No index of the original leads to it. */
  readonly fuel: number;
  /** The new index of a global of the original. */
  moved(index: number): number;
}

export const globalsAfter = (imported: number): Globals => ({
  fuel: imported,
  moved: (index) => (index < imported ? index : index + 1),
});

const SHARED = 2;

export function skipGlobalType(reader: Reader): void {
  skipValueType(reader);
  const at = reader.position;
  const mutability = reader.byte();
  if (mutability & SHARED)
    refuse('threads', `The global at offset ${at} is shared between threads. Build without threads.`);
  if (mutability > 1) refuse('unknown-encoding', `The global at offset ${at} has unknown flags.`);
}
