/**
 * Lets callers that want the same thing at the same time share one piece of work. A caller's signal ends the wait of
 * that caller; the work itself is cancelled when nobody waits any more.
 */
export interface SharedWork<T> {
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** `aborted` is what a caller gets whose signal fires. */
export function createSharedWork<T>(aborted: T): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  const begin = (key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> => {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => forget(key, controller));
    const begun = { result, controller, waiting: 0 };
    running.set(key, begun);
    return begun;
  };

  const forget = (key: string, controller: AbortController): void => {
    if (running.get(key)?.controller === controller) running.delete(key);
  };

  return {
    async run(key, work, signal) {
      if (signal?.aborted) return aborted;
      const shared = running.get(key) ?? begin(key, work);
      shared.waiting += 1;
      const { promise: left, resolve: leave } = Promise.withResolvers<T>();
      const onAbort = (): void => leave(aborted);
      signal?.addEventListener('abort', onAbort);
      try {
        return await Promise.race([shared.result, left]);
      } finally {
        signal?.removeEventListener('abort', onAbort);
        shared.waiting -= 1;
        if (shared.waiting === 0) {
          forget(key, shared.controller);
          shared.controller.abort();
        }
      }
    },
  };
}
