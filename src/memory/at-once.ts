/** Work of which so much is under way at once. After a failure nothing more is begun. */
export interface Writers {
  /** Resolves when the work has been begun. Rejects with the first failure of any. */
  add(work: () => Promise<void>): Promise<void>;
  /** Resolves when all of it has ended. Rejects with the first failure. */
  done(): Promise<void>;
}

export function createWriters(most: number): Writers {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const check = () => {
    if (failures.length > 0) throw failures[0];
  };
  return {
    async add(work) {
      while (running.size >= most) await Promise.race(running);
      check();
      const one: Promise<void> = work()
        .catch((thrown) => void failures.push(thrown))
        .finally(() => running.delete(one));
      running.add(one);
    },
    async done() {
      await Promise.all(running);
      check();
    },
  };
}
