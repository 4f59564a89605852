import type { Json } from '../../src/core/json.ts';

/**
 * What the builder process and its parent say to each other, one frame in each direction: the length of the header
 * (u32, little-endian), the header (JSON: `body` and the sizes of the parts), the parts one after another.
 */
export interface Frame {
  readonly body: unknown;
  readonly parts: readonly Uint8Array[];
}

/** A header holds names and texts of bounded number; nothing that a builder says is larger. */
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_PARTS = 256;
const LENGTH_BYTES = 4;

/** In pieces, so that large parts are not copied. */
export function encodeFrame(body: Json, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const header = Buffer.from(JSON.stringify({ body, sizes: parts.map((part) => part.length) }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  return [length, header, ...parts];
}

/** Undefined where the bytes are no frame. The parts are copies, each with memory of its own. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).readUInt32LE();
  const start = LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || start > bytes.length) return undefined;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  if (header === undefined) return undefined;
  const parts = split(bytes.subarray(start), header.sizes);
  return parts && { body: header.body, parts };
}

function parseHeader(bytes: Uint8Array): { body: unknown; sizes: readonly number[] } | undefined {
  const header = parseJson(new TextDecoder().decode(bytes));
  if (!isRecord(header) || !Array.isArray(header.sizes)) return undefined;
  const sizes: readonly unknown[] = header.sizes;
  return sizes.length <= MAX_PARTS && sizes.every(isSize) ? { body: header.body, sizes } : undefined;
}

function split(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] | undefined {
  if (sizes.reduce((sum, size) => sum + size, 0) !== bytes.length) return undefined;
  let offset = 0;
  return sizes.map((size) => {
    offset += size;
    // Not `slice`: that of a Buffer is a view, and would keep the whole frame alive.
    return new Uint8Array(bytes.subarray(offset - size, offset));
  });
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
