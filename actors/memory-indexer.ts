import { fromPromise } from 'xstate';
import { type IndexingOutcome, memoryIndexerMachine } from '../machines/memory-indexer.ts';
import type { Vectors } from '../src/memory/index.ts';

/** Keeps the vectors of memory up, which `vectors` makes. */
export const memoryIndexer = (vectors: Vectors) =>
  memoryIndexerMachine.provide({
    actors: {
      look: fromPromise<boolean>(() => vectors.look()),
      makeVectors: fromPromise<IndexingOutcome>(async ({ signal }) => {
        const done = await vectors.index(signal);
        return { trouble: done.ok ? null : done.error };
      }),
    },
  });
