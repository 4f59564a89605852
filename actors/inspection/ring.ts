/** The latest so many of something, oldest first. Adding costs the same however full it is. */
export interface Ring<T> {
  add(item: T): void;
  items(): readonly T[];
}

export function createRing<T>(size: number): Ring<T> {
  const kept: T[] = [];
  let next = 0;
  return {
    add(item) {
      kept[next] = item;
      next = (next + 1) % size;
    },
    items: () => (kept.length < size ? [...kept] : [...kept.slice(next), ...kept.slice(0, next)]),
  };
}
