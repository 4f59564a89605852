import { systemClock } from '../../src/core/clock.ts';
import { createMemory, type Memory } from '../../src/memory/index.ts';
import { openVectors } from '../../src/memory/vectors/testing/open-vectors.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import type { Collection, Question } from './collections.ts';

export interface Stage extends AsyncDisposable {
  readonly memory: Memory;
}

/** A memory of these documents with all their vectors, by the embedded model, and those of the questions. */
export async function openStage(
  documents: Collection['documents'],
  questions: readonly Question[],
): Promise<Stage> {
  const database = await openMemoryDatabase();
  const vectors = openVectors(database, { provider: 'embedded' });
  const memory = createMemory(database, systemClock, undefined, { vectors });
  for (const { path, content } of documents)
    await database.commit(memory.writeStatements(path, content, { append: false }));
  const indexed = await vectors.index(new AbortController().signal);
  if (!indexed.ok) throw new Error(indexed.error);
  for (const { text } of questions) await vectors.nearest(text, { limit: 1, waitMs: 60_000 });
  return {
    memory,
    async [Symbol.asyncDispose]() {
      await vectors.rest();
      await database.close();
    },
  };
}
