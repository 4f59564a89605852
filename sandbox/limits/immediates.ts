import type { Immediate } from './opcodes.ts';
import type { Reader } from './reader.ts';
import { refuse } from './refusal.ts';
import { readReferenceType, skipValueTypes } from './types.ts';

type Pass = (body: Reader) => void;

const PASS: Readonly<Record<Immediate, Pass>> = {
  none: () => {},
  index: (body) => body.skipNumber(),
  number: (body) => body.skipNumber(),
  'one-byte': (body) => body.skip(1),
  'four-bytes': (body) => body.skip(4),
  'eight-bytes': (body) => body.skip(8),
  'sixteen-bytes': (body) => body.skip(16),
  'memory-argument': skipMemoryArgument,
  'memory-argument-and-lane': (body) => {
    skipMemoryArgument(body);
    body.skip(1);
  },
  'reference-type': (body) => void readReferenceType(body),
  'value-types': (body) => void skipValueTypes(body),
};

export const skipImmediate = (body: Reader, immediate: Immediate): void => PASS[immediate](body);

/** A bit of a memory instruction's alignment that says that the index of a memory follows. */
const NAMES_MEMORY = 64;

function skipMemoryArgument(body: Reader): void {
  const at = body.position;
  if (body.u32() >= NAMES_MEMORY)
    refuse(
      'multiple-memories',
      `The instruction before offset ${at} names one of several memories. Build with one memory.`,
    );
  body.skipNumber();
}
