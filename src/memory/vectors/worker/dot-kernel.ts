/** What is used of it; the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (extent: { readonly initial: number }) => WasmMemory;
};

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/**
 * Dot products of one vector of bytes with many, 16 dimensions at a time. By hand, because JavaScript has no such
 * instructions: 100,000 vectors of 512 dimensions take 5 ms instead of 50.
 */
export interface DotKernel {
  readonly memory: WasmMemory;
  /**
   * Writes `count` 32-bit integers to `out`. All are addresses in the memory. `stride` is a multiple of 16 and at most
   * 65,536, so that no sum leaves 32 bits.
   */
  dots(rows: number, count: number, stride: number, query: number, out: number): void;
}

export function createDotKernel(): DotKernel {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MODULE), { '': { m: memory } });
  const { dots } = exports;
  if (!isFunction(dots)) throw new Error('the kernel exports nothing');
  return { memory, dots: (rows, count, stride, query, out) => void dots(rows, count, stride, query, out) };
}

function isFunction(value: unknown): value is (...values: readonly number[]) => unknown {
  return typeof value === 'function';
}

// The binary format of WebAssembly: https://webassembly.github.io/spec/core/binary/

const I32 = 0x7f;
const V128 = 0x7b;

/** Parameters, then locals, by their numbers. */
const [ROW, COUNT, STRIDE, QUERY, OUT, AT, END, SUM, LEFT, RIGHT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
const i32 = (value: number): number[] => [0x41, value];
const ADD = [0x6a];
const SUBTRACT = [0x6b];
const BELOW = [0x49];
const LOOP = [0x03, 0x40];
const REPEAT_IF = [0x0d, 0];
const END_BLOCK = [0x0b];
const STORE_I32 = [0x36, 2, 0];
/** Aligned to 16 bytes. */
const LOAD_V128 = [0xfd, 0x00, 4, 0];
const ZERO_V128 = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
const EXTEND_LOW = [0xfd, 0x87, 0x01];
const EXTEND_HIGH = [0xfd, 0x88, 0x01];
const DOT_I16 = [0xfd, 0xba, 0x01];
const ADD_I32X4 = [0xfd, 0xae, 0x01];
const lane = (number: number): number[] => [0xfd, 0x1b, number];

const addHalf = (extend: readonly number[]): number[] => [
  ...[...get(SUM), ...get(LEFT), ...extend, ...get(RIGHT), ...extend],
  ...[...DOT_I16, ...ADD_I32X4, ...set(SUM)],
];

const step = (local: number, by: number): number[] => [...get(local), ...i32(by), ...ADD, ...tee(local)];

const BODY = [
  ...[2, 2, I32, 3, V128],
  ...LOOP,
  ...[...ZERO_V128, ...set(SUM)],
  ...[...get(QUERY), ...set(AT)],
  ...[...get(ROW), ...get(STRIDE), ...ADD, ...set(END)],
  ...LOOP,
  ...[...get(ROW), ...LOAD_V128, ...set(LEFT)],
  ...[...get(AT), ...LOAD_V128, ...set(RIGHT)],
  ...addHalf(EXTEND_LOW),
  ...addHalf(EXTEND_HIGH),
  ...[...get(AT), ...i32(16), ...ADD, ...set(AT)],
  ...[...step(ROW, 16), ...get(END), ...BELOW, ...REPEAT_IF],
  ...END_BLOCK,
  ...get(OUT),
  ...[0, 1, 2, 3].flatMap((number) => [...get(SUM), ...lane(number), ...(number === 0 ? [] : ADD)]),
  ...STORE_I32,
  ...[...get(OUT), ...i32(4), ...ADD, ...set(OUT)],
  ...[...get(COUNT), ...i32(1), ...SUBTRACT, ...tee(COUNT), ...REPEAT_IF],
  ...END_BLOCK,
  ...END_BLOCK,
];

/** Of fewer than 16,384 bytes, so that two hold its length. */
const section = (id: number, content: readonly number[]): number[] => [
  id,
  (content.length & 0x7f) | 0x80,
  content.length >> 7,
  ...content,
];

const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // One type: five numbers in, none out.
  ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
  // The memory comes from outside, of at least one page.
  ...section(2, [1, 0, 1, 'm'.charCodeAt(0), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, 4, ...Buffer.from('dots'), 0, 0]),
  ...section(10, [1, (BODY.length & 0x7f) | 0x80, BODY.length >> 7, ...BODY]),
]);
