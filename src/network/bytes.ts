/** Collects chunks up to a size. */
export interface Bytes {
  /** False where the chunk goes beyond the limit; it is not taken then. */
  add(chunk: Uint8Array): boolean;
  take(): Uint8Array;
}

const FIRST_BYTES = 16_384;

/**
 * Copies every chunk into one buffer that doubles: a server that sends single bytes would otherwise cost an object
 * of a hundred bytes for each. Needs twice what arrived at most, and three times while it grows.
 */
export function createBytes(limit: number): Bytes {
  let buffer = new Uint8Array(Math.min(limit, FIRST_BYTES));
  let length = 0;
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > limit) return false;
      if (needed > buffer.length) {
        const larger = new Uint8Array(Math.min(limit, Math.max(needed, buffer.length * 2)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(chunk, length);
      length = needed;
      return true;
    },
    take: () => buffer.slice(0, length),
  };
}
