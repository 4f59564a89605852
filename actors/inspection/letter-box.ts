import type { DeadLetterReport } from '../../src/runtime/index.ts';

/** A message that nobody took. It is kept as it was, to be sent again; what is shown of it is redacted first. */
export interface LostMessage {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly report: DeadLetterReport;
}

/** The latest messages that nobody took. A hundred of them, whoever watches: they are rare. */
export interface LetterBox {
  add(report: DeadLetterReport): void;
  find(id: string): LostMessage | undefined;
  /** The latest first. */
  latest(): readonly LostMessage[];
  /** It has been sent again. */
  remove(id: string): void;
  /** Told of each from now on, until the returned function is called. */
  watch(listener: (letter: LostMessage) => void): () => void;
}

const MOST_LETTERS = 100;

export function createLetterBox(now: () => number): LetterBox {
  const letters = new Map<string, LostMessage>();
  const listeners = new Set<(letter: LostMessage) => void>();
  let count = 0;

  return {
    add(report) {
      const letter = { id: `m${++count}`, at: now(), report };
      letters.set(letter.id, letter);
      const [oldest] = letters.keys();
      if (letters.size > MOST_LETTERS && oldest !== undefined) letters.delete(oldest);
      for (const listener of listeners) listener(letter);
    },
    find: (id) => letters.get(id),
    latest: () => [...letters.values()].reverse(),
    remove: (id) => void letters.delete(id),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
