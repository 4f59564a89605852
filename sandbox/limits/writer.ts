/** Collects bytes. Appending costs what is appended. */
export interface Writer {
  readonly length: number;
  byte(value: number): void;
  bytes(values: ArrayLike<number>): void;
  /** An unsigned LEB128 number below 2^32. */
  u32(value: number): void;
  text(value: string): void;
  /** What was written so far. A view, good until the next write. */
  view(): Uint8Array;
  /** Begins anew and keeps the room that was taken. */
  clear(): void;
}

const utf8 = new TextEncoder();

export function createWriter(room = 256): Writer {
  let buffer = new Uint8Array(room);
  let length = 0;

  const reserve = (count: number): void => {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const byte = (value: number): void => {
    reserve(1);
    buffer[length++] = value;
  };
  const bytes = (values: ArrayLike<number>): void => {
    reserve(values.length);
    buffer.set(values, length);
    length += values.length;
  };
  const u32 = (value: number): void => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) byte((rest % 128) | 0x80);
    byte(rest);
  };

  return {
    get length() {
      return length;
    },
    byte,
    bytes,
    u32,
    text(value) {
      const encoded = utf8.encode(value);
      u32(encoded.length);
      bytes(encoded);
    },
    view: () => buffer.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}

/** A signed LEB128 number, as `i32.const` and `i64.const` have. */
export function signed(value: number): readonly number[] {
  const low = value & 0x7f;
  const rest = (value - low) / 128;
  const isLast = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

/** An unsigned LEB128 number. */
export const unsigned = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 128) | 0x80, ...unsigned(Math.floor(value / 128))];
