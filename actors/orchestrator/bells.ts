/** Wake-ups for whoever waits for the end of work in a container. What is in the database is the truth. */
export interface WorkBells {
  ring(jobId: string): void;
  /** Returns what ends it. */
  listen(jobId: string, listener: () => void): () => void;
}

export function createBells(): WorkBells {
  const listeners = new Map<string, Set<() => void>>();
  return {
    ring(jobId) {
      for (const listener of listeners.get(jobId) ?? []) listener();
    },
    listen(jobId, listener) {
      const listening = listeners.get(jobId) ?? new Set();
      listeners.set(jobId, listening.add(listener));
      return () => {
        listening.delete(listener);
        if (listening.size === 0) listeners.delete(jobId);
      };
    },
  };
}
