/** Vectors of questions that were asked before, the latest so many. */
export interface QueryVectors<Vector> {
  /** @param make is called once where it is not known; what it comes to nothing with is not kept */
  get(key: string, make: () => Promise<Vector | undefined>): Promise<Vector | undefined>;
}

/** @param most some 1 kB each for 512 dimensions */
export function createQueryVectors<Vector>(most: number): QueryVectors<Vector> {
  const kept = new Map<string, Promise<Vector | undefined>>();

  async function keep(key: string, made: Promise<Vector | undefined>): Promise<Vector | undefined> {
    const oldest = kept.keys().next();
    if (kept.size >= most && !oldest.done) kept.delete(oldest.value);
    kept.set(key, made);
    const vector = await made.catch(() => undefined);
    if (vector === undefined && kept.get(key) === made) kept.delete(key);
    return made;
  }

  return {
    get(key, make) {
      const known = kept.get(key);
      if (!known) return keep(key, make());
      kept.delete(key);
      kept.set(key, known);
      return known;
    },
  };
}
