import { BYTES_PER_UNIT_LOG2, UNITS_PER_ELEMENT_LOG2, UNITS_PER_PAGE_LOG2 } from './costs.ts';
import type { Limits } from './limits.ts';
import { signed, unsigned, type Writer } from './writer.ts';

/** Pieces of code that take fuel. Each leaves the stack as it found it. */
export interface Charges {
  /** Takes a number of units that is known now. */
  fixed(writer: Writer, units: number): void;
  /** Traps where fuel is spent. It stays negative, so that whatever is entered afterwards traps as well. */
  check(writer: Writer): void;
  /** Takes, and checks, by the i32 that lies on top of the stack: a size or a count, which stays there. */
  bySize(writer: Writer, size: Size, scratch: number): void;
}

/** What the number on the stack counts, for an instruction about to run. */
export type Size = 'bytes' | 'elements' | 'new-elements' | 'new-pages';

const LOCAL_GET = 0x20;
const LOCAL_TEE = 0x22;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I32_LT_U = 0x49;
const SELECT = 0x1b;
const I64_EXTEND_I32_U = 0xad;
const I64_SHL = 0x86;
const I64_SHR_U = 0x88;
const I64_SUB = 0x7d;
const I64_LT_S = 0x53;
const IF_WITHOUT_RESULT = [0x04, 0x40];
const UNREACHABLE = 0x00;
const END = 0x0b;

export function createCharges(fuel: number, limits: Limits): Charges {
  const getFuel = [GLOBAL_GET, ...unsigned(fuel)];
  const takeFromFuel = [I64_SUB, GLOBAL_SET, ...unsigned(fuel)];
  const check = [...getFuel, I64_CONST, 0, I64_LT_S, ...IF_WITHOUT_RESULT, UNREACHABLE, END];

  return {
    fixed(writer, units) {
      writer.bytes([...getFuel, I64_CONST, ...signed(units), ...takeFromFuel]);
    },
    check: (writer) => writer.bytes(check),
    bySize(writer, size, scratch) {
      const local = unsigned(scratch);
      const count = [LOCAL_GET, ...local];
      writer.bytes([LOCAL_TEE, ...local, ...getFuel]);
      writer.bytes(atMost(count, highest(size, limits)));
      writer.bytes([I64_EXTEND_I32_U, ...unitsFor(size), ...takeFromFuel, ...check]);
    },
  };
}

/** Growing by more than is allowed fails and costs no more than growing by all that is. */
function highest(size: Size, { memoryPages, tableElements }: Limits): number | undefined {
  if (size === 'new-pages') return memoryPages;
  return size === 'new-elements' ? tableElements : undefined;
}

function atMost(count: readonly number[], bound: number | undefined): readonly number[] {
  if (bound === undefined) return count;
  const limit = [I32_CONST, ...signed(bound)];
  return [...count, ...limit, ...count, ...limit, I32_LT_U, SELECT];
}

function unitsFor(size: Size): readonly number[] {
  if (size === 'bytes') return [I64_CONST, BYTES_PER_UNIT_LOG2, I64_SHR_U];
  return [I64_CONST, size === 'new-pages' ? UNITS_PER_PAGE_LOG2 : UNITS_PER_ELEMENT_LOG2, I64_SHL];
}
