import type { LiveEvent } from '../src/core/assistant.ts';
import type { WorkEvent } from '../src/core/work.ts';

/**
 * Hands what happens in a conversation to whoever watches it: committed entries and pieces of the answer being
 * written. It runs beside the actors and not through them, so that token streams cost them nothing. What it
 * hands on is a courtesy; the journal is the truth.
 */
export interface LiveFeed {
  publish(conversationId: string, event: LiveEvent): void;
  watch(conversationId: string, listener: (event: LiveEvent) => void): () => void;
  /** Every conversation. */
  watchAll(listener: (conversationId: string, event: LiveEvent) => void): () => void;
  /** What becomes of jobs and runs of routines. */
  publishWork(event: WorkEvent): void;
  watchWork(listener: (event: WorkEvent) => void): () => void;
}

/** @param onError told of a listener that threw; the others are served all the same. */
export function createLiveFeed(onError: (error: unknown) => void): LiveFeed {
  const listeners = new Map<string, Set<(event: LiveEvent) => void>>();
  const ofAll = new Set<(conversationId: string, event: LiveEvent) => void>();
  const ofWork = new Set<(event: WorkEvent) => void>();
  const safely = (work: () => void) => {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  };

  return {
    publish(conversationId, event) {
      for (const listener of ofAll) safely(() => listener(conversationId, event));
      for (const listener of listeners.get(conversationId) ?? []) safely(() => listener(event));
    },
    watchAll(listener) {
      ofAll.add(listener);
      return () => ofAll.delete(listener);
    },
    publishWork(event) {
      for (const listener of ofWork) safely(() => listener(event));
    },
    watchWork(listener) {
      ofWork.add(listener);
      return () => ofWork.delete(listener);
    },
    watch(conversationId, listener) {
      const watching = listeners.get(conversationId) ?? new Set();
      listeners.set(conversationId, watching.add(listener));
      return () => {
        watching.delete(listener);
        if (watching.size === 0) listeners.delete(conversationId);
      };
    },
  };
}
