/** A vector by which texts are near each other that share words: a dimension for each word, by its hash. */
export function hashedVector(text: string, dimensions: number): readonly number[] {
  const vector = Array<number>(dimensions).fill(0.01);
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    const place = hash(word) % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}

/** FNV-1a. */
function hash(word: string): number {
  let sum = 0x811c9dc5;
  for (const sign of word) sum = Math.imul(sum ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return sum >>> 0;
}
