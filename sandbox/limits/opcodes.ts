import { hex, refuse } from './refusal.ts';

/** What follows an instruction's opcode: nothing, or what `code.ts` knows how to pass over. */
export type Immediate =
  | 'none'
  | 'index'
  | 'number'
  | 'memory-argument'
  | 'memory-argument-and-lane'
  | 'one-byte'
  | 'four-bytes'
  | 'eight-bytes'
  | 'sixteen-bytes'
  | 'reference-type'
  | 'value-types';

type Range = readonly [first: number, last: number, Immediate];

/** Opcodes of one byte, but for those that shape control and those that a meter treats in its own way. */
const PLAIN: readonly Range[] = [
  [0x1a, 0x1b, 'none'],
  [0x1c, 0x1c, 'value-types'],
  [0x20, 0x22, 'index'],
  [0x25, 0x25, 'index'],
  [0x28, 0x3e, 'memory-argument'],
  [0x3f, 0x3f, 'index'],
  [0x41, 0x42, 'number'],
  [0x43, 0x43, 'four-bytes'],
  [0x44, 0x44, 'eight-bytes'],
  [0x45, 0xc4, 'none'],
  [0xd0, 0xd0, 'reference-type'],
  [0xd1, 0xd1, 'none'],
  [0xd2, 0xd2, 'index'],
];

/** After 0xfc: saturating conversions, `data.drop`, `elem.drop`, `table.size`. */
const MISCELLANEOUS: readonly Range[] = [
  [0x00, 0x07, 'none'],
  [0x09, 0x09, 'index'],
  [0x0d, 0x0d, 'index'],
  [0x10, 0x10, 'index'],
];

/** After 0xfd: the vector instructions of WebAssembly 2.0. The numbers left out are not assigned. */
const VECTOR: readonly Range[] = [
  [0x00, 0x0b, 'memory-argument'],
  [0x0c, 0x0d, 'sixteen-bytes'],
  [0x0e, 0x14, 'none'],
  [0x15, 0x22, 'one-byte'],
  [0x23, 0x53, 'none'],
  [0x54, 0x5b, 'memory-argument-and-lane'],
  [0x5c, 0x5d, 'memory-argument'],
  [0x5e, 0x99, 'none'],
  [0x9b, 0xa1, 'none'],
  [0xa3, 0xa4, 'none'],
  [0xa7, 0xae, 'none'],
  [0xb1, 0xb1, 'none'],
  [0xb5, 0xba, 'none'],
  [0xbc, 0xc1, 'none'],
  [0xc3, 0xc4, 'none'],
  [0xc7, 0xce, 'none'],
  [0xd1, 0xd1, 'none'],
  [0xd5, 0xe1, 'none'],
  [0xe3, 0xed, 'none'],
  [0xef, 0xff, 'none'],
];

const plain = tableOf(PLAIN);
const miscellaneous = tableOf(MISCELLANEOUS);
const vector = tableOf(VECTOR);

const MISCELLANEOUS_PREFIX = 0xfc;
const VECTOR_PREFIX = 0xfd;

/** The immediate of an instruction that needs no treatment, or undefined where none such is known. */
export function immediateOf(opcode: number, sub: number): Immediate | undefined {
  if (opcode === MISCELLANEOUS_PREFIX) return miscellaneous[sub];
  return opcode === VECTOR_PREFIX ? vector[sub] : plain[opcode];
}

export const hasSubOpcode = (opcode: number): boolean => opcode >= 0xfb && opcode <= 0xfe;

/** Instructions whose meaning we do not know might touch what the limits stand on, so none passes. */
export function refuseInstruction(opcode: number, sub: number, position: number): never {
  const where = `at offset ${position}`;
  if (opcode === 0xfe)
    refuse('threads', `An atomic instruction (0xfe) stands ${where}. Build without threads.`);
  if (opcode === 0xfb || isTypedReference(opcode))
    refuse(
      'garbage-collection',
      `An instruction of the garbage collection or typed references proposal (${hex(opcode)}) stands ${where}. Build for WebAssembly 2.0.`,
    );
  if (opcode === VECTOR_PREFIX && sub >= 0x100)
    refuse(
      'relaxed-simd',
      `A relaxed vector instruction (0xfd ${hex(sub)}) stands ${where}. Build without relaxed-simd.`,
    );
  const name = hasSubOpcode(opcode) ? `${hex(opcode)} ${hex(sub)}` : hex(opcode);
  return refuse(
    'unknown-instruction',
    `The instruction ${name} ${where} is not known. Build for WebAssembly 2.0.`,
  );
}

const isTypedReference = (opcode: number): boolean =>
  opcode === 0x14 || opcode === 0x15 || (opcode >= 0xd3 && opcode <= 0xd6);

function tableOf(ranges: readonly Range[]): readonly (Immediate | undefined)[] {
  const table = new Array<Immediate | undefined>(256).fill(undefined);
  for (const [first, last, immediate] of ranges) table.fill(immediate, first, last + 1);
  return table;
}
