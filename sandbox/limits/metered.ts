import type { Blocks } from './blocks.ts';
import type { Labels } from './labels.ts';
import type { Reader } from './reader.ts';
import type { Scope } from './scope.ts';

/** A function while it is metered. */
export interface Metered {
  readonly body: Reader;
  readonly scope: Scope;
  readonly blocks: Blocks;
  readonly labels: Labels;
  /** The index of a local i32 that no instruction of the original can name. */
  readonly scratch: number;
  usesScratch: boolean;
  /** Whether the function's last `end` was read. */
  isFinished: boolean;
}

/** Copies one instruction that begins at an offset and whose opcode was read. */
export type Treatment = (metered: Metered, at: number) => void;
