import { tmpdir } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '../storage/index.ts';
import { MIGRATIONS } from '../storage/testing/migrations-folder.ts';
import { startPostgres } from '../storage/testing/postgres-server.ts';
import { type Change, createMemory, type Memory } from './index.ts';

const server = await startPostgres();

interface Process {
  readonly database: Database;
  readonly memory: Memory;
  now: number;
}

/** As each of two processes on one server has it. */
async function two(): Promise<readonly Process[]> {
  if (!server) return [];
  const url = await server.freshDatabase();
  const open = async (now: number): Promise<Process> => {
    const database = await openDatabase({ url, dataDir: tmpdir(), migrationsDir: MIGRATIONS });
    onTestFinished(() => database.close());
    const clock = { now: () => process.now };
    const process: Process = { database, now, memory: createMemory(database, clock) };
    return process;
  };
  return [await open(1_000), await open(2_000)];
}

async function change(
  { database, memory }: { database: Database; memory: Memory },
  path: string,
  wanted: Change,
) {
  const prepared = await memory.prepare(path, wanted, { origins: [] });
  if (!prepared.ok) return expect.unreachable(prepared.error);
  await database.commit(prepared.value.statements);
}

describe.skipIf(server === undefined)('two processes on one PostgreSQL server', () => {
  test('lose none of what both write at once to the same document', async () => {
    const [first, second] = await two();
    if (!first || !second) return;
    const words = Array.from({ length: 20 }, (_, at) => `word-${at}.`);
    await change(first, 'a.md', { type: 'overwrite', content: words.join(' ') });
    const wanted = words.flatMap((word, at): readonly Change[] => [
      { type: 'append', content: `entry-${at}.` },
      { type: 'replace', from: word, to: `replaced-${at}.`, all: false },
    ]);
    await Promise.all(wanted.map((each, at) => change(at % 4 < 2 ? first : second, 'a.md', each)));
    const document = await second.memory.read('a.md');
    for (const [at, word] of words.entries()) {
      expect(document?.content).toContain(`entry-${at}.`);
      expect(document?.content).toContain(`replaced-${at}.`);
      expect(document?.content).not.toContain(word);
    }
    expect(document?.version).toBe(41);
    expect((await first.memory.versions('a.md')).map(({ version }) => version)).toEqual(
      Array.from({ length: 41 }, (_, at) => 41 - at),
    );
  }, 60_000);

  test('hear of each other’s changes', async () => {
    const [first, second] = await two();
    if (!first || !second) return;
    const stop = await second.memory.hearOthers();
    second.now = 5_000;
    const before = second.memory.changedAt();
    await first.database.transaction(async (tx) => {
      await tx.query(
        `insert into memory_document (path, content, created_at, updated_at) values ('a', 'x', now(), now())`,
      );
      await tx.query(`update memory_document set content = 'y'`);
    });
    await expect.poll(() => second.memory.changedAt(), { timeout: 10_000 }).toBe(5_000);
    expect(before).toBe(2_000);
    await stop();
  }, 60_000);
});
