/** Numbers in a sequence that is the same for the same seed. */
export interface Random {
  /** From 0 to below 1. */
  fraction(): number;
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  /** One of these, each as likely as the others; undefined where there is none. */
  pick<T>(items: readonly T[]): T | undefined;
}

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state are plenty for choices among actors. */
export function createRandom(seed: number): Random {
  let state = seed | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  const fraction = () => next() / 2 ** 32;
  const below = (limit: number) => Math.floor(fraction() * limit);
  return { fraction, below, pick: (items) => items[below(items.length)] };
}
