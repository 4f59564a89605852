import { refuse } from './refusal.ts';

/** Reads a module's bytes from front to back. What runs over the end refuses the module. */
export interface Reader {
  /** Offset of the next byte within the whole module. */
  readonly position: number;
  readonly isAtEnd: boolean;
  readonly bytesLeft: number;
  byte(): number;
  /** The next byte, which stays next. */
  peek(): number;
  u32(): number;
  /** A signed number of 33 bits, as block types have. */
  s33(): number;
  /** Passes over a number of any width up to 64 bits. */
  skipNumber(): void;
  skip(count: number): void;
  /** What stands from an offset up to the next byte. A view, not a copy. */
  since(start: number): Uint8Array;
  /** A view of the next `count` bytes. */
  bytes(count: number): Uint8Array;
  /** A reader of the next `count` bytes alone. */
  part(count: number): Reader;
  text(): string;
}

/** A LEB128 number of 64 bits takes ten bytes. */
const LONGEST_NUMBER = 10;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export function createReader(module: Uint8Array, start = 0, end = module.length): Reader {
  let position = start;

  const claim = (count: number): number => {
    if (count > end - position) refuse('unknown-encoding', endsEarly(position, count));
    const from = position;
    position += count;
    return from;
  };
  const byte = (): number => module[claim(1)] ?? 0;
  const bytes = (count: number): Uint8Array => {
    const from = claim(count);
    return module.subarray(from, from + count);
  };
  /** The value's low 53 bits, which is all of it for up to 49 bits, and how many bits were written. */
  const number = (): { value: number; bits: number; isNegative: boolean } => {
    const from = position;
    let [value, scale] = [0, 1];
    for (let count = 1; count <= LONGEST_NUMBER; count++) {
      const next = byte();
      if (count <= 7) value += (next & 0x7f) * scale;
      scale *= 128;
      if (next < 0x80) return { value, bits: count * 7, isNegative: (next & 0x40) !== 0 };
    }
    return refuse('unknown-encoding', `The number at offset ${from} is too long. Build the module anew.`);
  };

  return {
    get position() {
      return position;
    },
    get isAtEnd() {
      return position >= end;
    },
    get bytesLeft() {
      return end - position;
    },
    byte,
    peek: () => module[position < end ? position : claim(1)] ?? 0,
    u32() {
      const from = position;
      const { value } = number();
      return value < 2 ** 32 ? value : refuse('unknown-encoding', tooBig(from));
    },
    s33() {
      const { value, bits, isNegative } = number();
      return isNegative ? value - 2 ** bits : value;
    },
    skipNumber: () => void number(),
    skip: (count) => void claim(count),
    since: (from) => module.subarray(from, position),
    bytes,
    part(count) {
      const from = claim(count);
      return createReader(module, from, from + count);
    },
    text() {
      const { value } = number();
      return utf8.decode(bytes(value));
    },
  };
}

const endsEarly = (position: number, count: number): string =>
  `Something ends early: ${count} more bytes were expected at offset ${position}. Build the module anew.`;

const tooBig = (position: number): string =>
  `The number at offset ${position} takes more than 32 bits, which no supported feature of WebAssembly needs there.`;
