import type { Reader } from './reader.ts';
import { refuse } from './refusal.ts';
import { type Signature, skipValueType } from './types.ts';

const NOTHING: Signature = { params: 0, results: 0 };
const ONE_RESULT: Signature = { params: 0, results: 1 };
const EMPTY_BLOCK_TYPE = 0x40;

/** Either nothing, the type of one result, or the index of a signature, which alone is not negative. */
export function readBlockType(body: Reader, signatures: readonly Signature[]): Signature {
  const first = body.peek();
  if (first === EMPTY_BLOCK_TYPE) {
    body.skip(1);
    return NOTHING;
  }
  if (first >= 0x40 && first < 0x80) {
    skipValueType(body);
    return ONE_RESULT;
  }
  const at = body.position;
  return (
    signatures[body.s33()] ??
    refuse('unknown-encoding', `The block type at offset ${at} is not known. Build the module anew.`)
  );
}
