import { tmpdir } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ulids } from '../../core/ids.ts';
import { type Database, openDatabase } from '../../storage/index.ts';
import { MIGRATIONS } from '../../storage/testing/migrations-folder.ts';
import { startPostgres } from '../../storage/testing/postgres-server.ts';
import { createMemory, type Memory } from '../index.ts';
import { endLease, lastTidied, takeLease } from './lease.ts';
import { readSteps, undoStep } from './steps.ts';
import { tidyPhase } from './tidy.ts';

const server = await startPostgres();
const clock = { now: () => Date.UTC(2026, 2, 14) };

interface Process {
  readonly database: Database;
  readonly memory: Memory;
}

/** As two processes on one server have it. */
async function two(): Promise<readonly [Process, Process]> {
  const url = (await server?.freshDatabase()) ?? '';
  const open = async (): Promise<Process> => {
    const database = await openDatabase({ url, dataDir: tmpdir(), migrationsDir: MIGRATIONS });
    onTestFinished(() => database.close());
    return { database, memory: createMemory(database, clock) };
  };
  return [await open(), await open()];
}

async function add({ database, memory }: Process, path: string, content: string): Promise<void> {
  const source = { by: 'distiller' } as const;
  await database.commit(memory.writeStatements(path, content, { append: true, source }));
}

async function merge({ database, memory }: Process): Promise<void> {
  const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const nothing = { condense: async () => undefined, expired: async () => [] };
  const parts = { database, memory, clock, ids: ulids(), breathe, ...nothing };
  await tidyPhase(parts, 'merge', { id: 'run', steps: 0 }, async () => true);
}

describe.skipIf(server === undefined)('on one PostgreSQL server', () => {
  test('one process tidies at a time', async () => {
    const [first, second] = await two();
    const at = 1_000_000;
    const [a, b] = await Promise.all([
      takeLease(first.database, 'first', at),
      takeLease(second.database, 'second', at),
    ]);
    expect([a, b].filter(Boolean)).toHaveLength(1);
    const holder = a ? 'first' : 'second';
    expect(await takeLease(second.database, 'third', at + 599_000)).toBe(false);
    await endLease(first.database, holder, { now: at, finished: true });
    expect(await lastTidied(second.database)).toBe(at);
    expect(await takeLease(second.database, 'third', at)).toBe(true);
    expect(await takeLease(first.database, 'fourth', at + 600_000)).toBe(true);
  });

  test('nothing that somebody writes meanwhile is lost, and all of it can be undone', async () => {
    const [first, second] = await two();
    const thing = (at: number): string => `- Thing ${at} is round`;
    for (let at = 0; at < 12; at++)
      await add(first, `facts/${at % 3}.md`, `${thing(at)}\n${thing(at)} and red`);
    const writing = async (): Promise<void> => {
      for (let at = 100; at < 130; at++) await add(second, `facts/${at % 3}.md`, `${thing(at)} and blue`);
    };
    await Promise.all([writing(), merge(first), merge(second)]);
    await merge(first);
    const said = async (): Promise<string> => {
      const { rows } = await second.database.query('select content from memory_document order by path');
      return rows.map(({ content }) => content).join('\n');
    };
    const lines = new Set((await said()).split('\n'));
    for (let at = 0; at < 12; at++) {
      expect(lines).toContain(`${thing(at)} and red`);
      expect(lines).not.toContain(thing(at));
    }
    for (let at = 100; at < 130; at++) expect(lines).toContain(`${thing(at)} and blue`);
    const steps = await readSteps(first.database, 100);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    for (const { id } of steps)
      expect(await undoStep(second.database, id, clock.now())).toMatchObject({ ok: true });
    const back = new Set((await said()).split('\n'));
    for (let at = 0; at < 12; at++) expect(back).toContain(thing(at));
    for (let at = 100; at < 130; at++) expect(back).toContain(`${thing(at)} and blue`);
  });
});
