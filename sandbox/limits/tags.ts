import type { Reader } from './reader.ts';
import { refuse } from './refusal.ts';
import type { Signature } from './types.ts';

/**
 * Values that an exception may carry: compilers use one or two. Exceptions lie on the engine's heap, where each value
 * takes up to 64 bytes, and a full stack can keep 125,000 of them alive.
 */
const MOST_VALUES = 4;

/** @returns how many values an exception of this tag carries */
export function readTag(reader: Reader, signatures: readonly Signature[]): number {
  const at = reader.position;
  if (reader.byte() !== 0) refuse('unknown-encoding', `The tag at offset ${at} is of an unknown kind.`);
  const values = signatures[reader.u32()]?.params ?? 0;
  if (values > MOST_VALUES)
    refuse(
      'exception-too-large',
      `Exceptions of the tag at offset ${at} carry ${values} values, ${MOST_VALUES} are allowed. Put them into memory.`,
    );
  return values;
}
