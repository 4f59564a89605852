import type { MemoryDesk } from '../../src/core/memory.ts';
import { createMemory } from '../../src/memory/index.ts';
import { createLeakDetector, createRedactText } from '../../src/safety/index.ts';
import type { Database } from '../../src/storage/index.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import { createMemoryDesk } from '../memory-desk.ts';

export interface OpenMemoryDesk {
  readonly desk: MemoryDesk;
  readonly database: Database;
  /** Empties memory. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** The real desk over a database in memory, in March 2026. */
export async function openMemoryDesk(): Promise<OpenMemoryDesk> {
  const database = await openMemoryDatabase();
  const clock = { now: () => Date.UTC(2026, 2, 14, 12) };
  const redact = createRedactText(createLeakDetector(), async () => {});
  const memory = createMemory(database, clock, redact);
  return {
    desk: createMemoryDesk({ database, memory, clock }),
    database,
    async clear() {
      for (const table of ['memory_document', 'memory_version', 'memory_source'])
        await database.query(`delete from ${table}`);
    },
    close: () => database.close(),
  };
}
