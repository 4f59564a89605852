import type { Globals } from './globals.ts';
import { hasSubOpcode, refuseInstruction } from './opcodes.ts';
import type { Reader } from './reader.ts';
import { readReferenceType } from './types.ts';
import type { Writer } from './writer.ts';

const END = 0x0b;
const GLOBAL_GET = 0x23;
const VECTOR_PREFIX = 0xfd;

/** Instructions that a constant expression may have beside `global.get`, and how to pass over what follows them. */
const CONSTANT = new Map<number, (reader: Reader) => void>([
  [0x41, (reader) => reader.skipNumber()],
  [0x42, (reader) => reader.skipNumber()],
  [0x43, (reader) => reader.skip(4)],
  [0x44, (reader) => reader.skip(8)],
  [0xd0, readReferenceType],
  [0xd2, (reader) => reader.skipNumber()],
  ...[0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e].map((arithmetic) => [arithmetic, () => {}] as const),
]);
const VECTOR_CONSTANT = 0x0c;
const skipVector = (reader: Reader): void => reader.skip(16);

/** Copies a constant expression with its `end`. */
export function moveConstant(reader: Reader, writer: Writer, globals: Globals): void {
  for (;;) {
    const at = reader.position;
    const opcode = reader.byte();
    if (opcode === GLOBAL_GET) {
      writer.byte(GLOBAL_GET);
      writer.u32(globals.moved(reader.u32()));
      continue;
    }
    if (opcode !== END) skipConstant(reader, opcode, at);
    writer.bytes(reader.since(at));
    if (opcode === END) return;
  }
}

function skipConstant(reader: Reader, opcode: number, at: number): void {
  const sub = hasSubOpcode(opcode) ? reader.u32() : 0;
  const isVector = opcode === VECTOR_PREFIX && sub === VECTOR_CONSTANT;
  const pass = isVector ? skipVector : (CONSTANT.get(opcode) ?? refuseInstruction(opcode, sub, at));
  pass(reader);
}
