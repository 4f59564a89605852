import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { createMemory } from '../src/memory/index.ts';
import { openDatabase } from '../src/storage/index.ts';
import { MIGRATIONS } from '../src/storage/testing/migrations-folder.ts';
import { startPostgres } from '../src/storage/testing/postgres-server.ts';
import { readIdentity } from './identity.ts';
import { memoryListener } from './memory-listener.ts';

const server = await startPostgres();

describe.skipIf(server === undefined)('on a PostgreSQL server', () => {
  test('what was read of memory is read anew when another process has changed it', async () => {
    if (!server) return;
    await using _ = server;
    const options = { url: await server.freshDatabase(), dataDir: tmpdir(), migrationsDir: MIGRATIONS };
    const [database, elsewhere] = [await openDatabase(options), await openDatabase(options)];
    let now = 0;
    const clock = { now: () => now };
    const memory = createMemory(database, clock);
    const env = { memory, clock, database, log: pino({ enabled: false }) };
    const actor = createActor(memoryListener, { input: { env } }).start();
    try {
      await expect.poll(() => memory.changedAt()).toBe(0);
      now = 1_000_000;
      expect(await readIdentity(env)).toBe('');
      const other = createMemory(elsewhere, clock);
      await elsewhere.commit(other.writeStatements('USER.md', 'Lives in Oslo.', { append: false }));
      await expect.poll(() => memory.changedAt(), { timeout: 10_000 }).toBe(now);
      expect(await readIdentity(env)).toContain('Lives in Oslo.');
    } finally {
      actor.stop();
      await Promise.all([database.close(), elsewhere.close()]);
    }
  }, 60_000);
});
