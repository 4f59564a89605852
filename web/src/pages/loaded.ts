import { useCallback, useEffect, useState } from 'preact/hooks';

/** What was asked of the gateway, and what became of it. */
export type Loaded<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly error: Error }
  | { readonly is: 'ready'; readonly value: T };

export interface Loading<T> {
  readonly now: Loaded<T>;
  /** Asks anew; what was there before stays until the answer comes. */
  again(): void;
  /** Takes a newer value that another answer brought. */
  take(value: T): void;
}

/**
 * Asks when the page shows it, and again whenever `key` is another; what was asked before under another key is dropped.
 * With another `version` it asks anew too, and keeps what was there until the answer comes.
 */
export function useLoaded<T>(key: string, ask: (signal: AbortSignal) => Promise<T>, version = 0): Loading<T> {
  const [held, hold] = useState<{ readonly key: string; readonly now: Loaded<T> }>({
    key,
    now: { is: 'loading' },
  });
  const [round, nextRound] = useState(0);
  // `round` asks for it although nothing else has changed, and `ask` is another function each time.
  useEffect(() => {
    const ending = new AbortController();
    ask(ending.signal).then(
      (value) => ending.signal.aborted || hold({ key, now: { is: 'ready', value } }),
      (error: unknown) =>
        ending.signal.aborted || hold({ key, now: { is: 'failed', error: asError(error) } }),
    );
    return () => ending.abort();
  }, [key, round, version]);
  const again = useCallback(() => nextRound((round) => round + 1), []);
  const take = useCallback((value: T) => hold({ key, now: { is: 'ready', value } }), [key]);
  return { now: held.key === key ? held.now : { is: 'loading' }, again, take };
}

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
