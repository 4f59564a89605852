import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import type { Trace } from '../../llm/index.ts';
import { createMemory, normalisePath } from '../../memory/index.ts';
import { type Database, type Home, openDatabase } from '../../storage/index.ts';

type Documents = Trace['memorySnapshot'];

/** Puts a trace's documents into the memory of a home whose assistant does not run yet. */
export async function restoreMemory(home: Home, documents: Documents): Promise<void> {
  if (documents.length === 0) return;
  const database = await openDatabase({
    dataDir: home.databaseDir,
    migrationsDir: join(PACKAGE_ROOT, 'migrations'),
  });
  try {
    await writeDocuments(database, documents);
  } finally {
    await database.close();
  }
}

/** As they were recorded, so without the checks that a model's own writing goes through. */
async function writeDocuments(database: Database, documents: Documents): Promise<void> {
  const memory = createMemory(database, systemClock);
  for (const { path, content } of documents) {
    const normalised = normalisePath(path);
    if (!normalised.ok) throw new Error(`its memory_snapshot cannot be restored: ${normalised.error}`);
    await database.commit(memory.writeStatements(normalised.value, content, { append: false }));
  }
}
