import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { type Database, openDatabase } from '../storage/index.ts';
import { startChild } from '../storage/testing/child.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { MIGRATIONS } from '../storage/testing/migrations-folder.ts';
import { startPostgres } from '../storage/testing/postgres-server.ts';
import { temporaryFolder } from '../storage/testing/temporary-folder.ts';
import { createMemory } from './index.ts';
import { textCandidates } from './search/text.ts';
import { indexFaults } from './testing/index-faults.ts';

/** Twenty were run when this was written; each takes two seconds. */
const KILLS = 3;

const WRITER = new URL('testing/document-writer.ts', import.meta.url).href;

const foundIn = async (database: Database, query: string): Promise<readonly string[]> =>
  (await textCandidates(database, query, { limit: 5 })).map(({ path }) => path);

function write(database: Database, path: string, content: string, append = false): Promise<unknown> {
  return database.commit(createMemory(database, systemClock).writeStatements(path, content, { append }));
}

describe('the index of a document', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openMemoryDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => database.query('delete from memory_document'));

  const chunks = async (): Promise<readonly { id: number; text: string }[]> =>
    (
      await database.query<{ id: number; text: string }>(
        'select id, text from memory_chunk order by path, number',
      )
    ).rows;
  const paragraph = (at: number): string => `Paragraph ${at}. ${`word${at} and more of it. `.repeat(30)}`;
  const long = Array.from({ length: 12 }, (_, at) => paragraph(at)).join('\n\n');

  test('follows whatever statement writes it', async () => {
    await write(database, 'notes/a.md', long);
    await database.query(`update memory_document set content = replace(content, 'word3', 'changed')`);
    await database.query(`insert into memory_document (path, content, created_at, updated_at)
                          select 'copy.md', content, now(), now() from memory_document`);
    await database.query(`update memory_document set path = 'moved/copy.md' where path = 'copy.md'`);
    expect(await foundIn(database, 'changed')).toEqual(
      expect.arrayContaining(['notes/a.md', 'moved/copy.md']),
    );
    expect(await foundIn(database, 'moved')).toContain('moved/copy.md');
    expect(await indexFaults(database)).toEqual({});
    await database.query('delete from memory_document');
    expect(await chunks()).toEqual([]);
    expect((await database.query('select from memory_posting')).rowCount).toBe(0);
    expect(await indexFaults(database)).toEqual({});
  });

  test('keeps the chunks whose text did not change, in a new place as well', async () => {
    await write(database, 'a.md', long);
    const before = await chunks();
    await database.query(
      `update memory_document set content = 'New head.' || E'\\n\\n' || replace(content, 'word7', 'changed')`,
    );
    const after = await chunks();
    const kept = before.filter(({ id, text }) =>
      after.some((chunk) => chunk.id === id && chunk.text === text),
    );
    expect(before.length).toBeGreaterThan(10);
    expect(kept.length).toBeGreaterThanOrEqual(before.length - 2);
    expect(await indexFaults(database)).toEqual({});
  });

  test('goes where a document is not to be indexed, and comes back', async () => {
    await write(database, 'a.md', 'A kangaroo.');
    await database.query('update memory_document set indexed = false');
    expect(await foundIn(database, 'kangaroo')).toEqual([]);
    expect(await indexFaults(database)).toEqual({});
    await database.query('update memory_document set indexed = true');
    expect(await foundIn(database, 'kangaroo')).toEqual(['a.md']);
  });

  test('is not there when the transaction that wrote the document failed', async () => {
    await write(database, 'a.md', 'A kangaroo.');
    const failed = database.transaction(async (tx) => {
      await tx.query(`update memory_document set content = 'A wombat.'`);
      await tx.query(
        `insert into memory_document (path, content, created_at, updated_at) values ('b.md', 'A quoll.', now(), now())`,
      );
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await foundIn(database, 'kangaroo')).toEqual(['a.md']);
    expect([...(await foundIn(database, 'wombat')), ...(await foundIn(database, 'quoll'))]).toEqual([]);
    expect(await indexFaults(database)).toEqual({});
  });

  test('holds documents of any shape', async () => {
    const shapes = [
      '',
      ' \n\n\t',
      'x',
      '\n'.repeat(3000),
      'y'.repeat(5000),
      '日本。'.repeat(2000),
      '- a\n'.repeat(3000),
      '👊'.repeat(3000),
      `# Only\n## heads\n${'| a | b |\n'.repeat(200)}`,
      '%_\\ \u0301 \u{e000}',
    ];
    for (const [at, content] of shapes.entries()) await write(database, `shapes/${at}.md`, content);
    expect(await indexFaults(database)).toEqual({});
  });
});

test('documents and index agree however often the process is killed', async () => {
  const dataDir = join(temporaryFolder(), 'database');
  const acknowledged: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = startChild(WRITER, dataDir);
    let faults: string | undefined;
    let heard = 0;
    for await (const line of child.lines) {
      if (faults === undefined) faults = line;
      else acknowledged.push(line);
      if (++heard === 8 + 5 * (kill % 5)) void child.kill();
    }
    await child.kill();
    expect(faults).toBe('{}');
  }
  const database = await openDatabase({ dataDir, migrationsDir: MIGRATIONS });
  expect(await indexFaults(database)).toEqual({});
  expect(acknowledged.length).toBeGreaterThan(5 * KILLS);
  for (const word of acknowledged) expect(await foundIn(database, word)).toContain('bulk/log.md');
  await database.close();
}, 120_000);

const server = await startPostgres();
afterAll(() => server?.[Symbol.asyncDispose]());

describe.skipIf(server === undefined)('on a PostgreSQL server', () => {
  const open = (url: string): Promise<Database> =>
    openDatabase({ url, dataDir: tmpdir(), migrationsDir: MIGRATIONS });

  test('twenty writers at once neither wait for ever nor lose anything', async () => {
    const url = (await server?.freshDatabase()) ?? '';
    await using first = closing(await open(url));
    await using second = closing(await open(url));
    const writers = Array.from({ length: 20 }, (_, at) => at);
    await Promise.all(
      writers.map(async (at) => {
        const database = at % 2 === 0 ? first.database : second.database;
        for (let count = 0; count < 5; count++) {
          await write(database, 'shared/log.md', `- entry${at}x${count} was made`, true);
          await write(database, `own/${at}.md`, `own${at}x${count} ${'and more. '.repeat(100)}`);
        }
      }),
    );
    // Transactions that write the same documents in the same order, among others that write one of them.
    await Promise.all(
      writers.map((at) =>
        first.database.transaction(async (tx) => {
          for (const path of ['own/0.md', 'shared/log.md'])
            await tx.query(
              `update memory_document set content = content || E'\\n- late${at}' where path = $1`,
              [path],
            );
        }),
      ),
    );
    expect(await indexFaults(second.database)).toEqual({});
    for (const at of writers) {
      expect(await foundIn(first.database, `own${at}x4`)).toEqual([`own/${at}.md`]);
      for (let count = 0; count < 5; count++)
        expect(await foundIn(second.database, `entry${at}x${count}`)).toContain('shared/log.md');
    }
    expect((await first.database.query('select from memory_total')).rowCount).toBeLessThan(300);
  }, 60_000);

  test('what one process writes, another finds', async () => {
    const url = (await server?.freshDatabase()) ?? '';
    await using here = closing(await open(url));
    const child = startChild(WRITER, url);
    const lines = child.lines[Symbol.asyncIterator]();
    await lines.next();
    for (let heard = 0; heard < 5; heard++) {
      const { value } = await lines.next();
      expect(await foundIn(here.database, String(value))).toContain('bulk/log.md');
    }
    await write(here.database, 'other.md', 'Kangaroo, 東京タワー, CAFÉ, ЁЛКА, ΑΘΉΝΑ, foo_bar');
    for (const query of ['kangar', 'タワー', 'cafe', 'елка', 'αθηνα', 'foo_bar', 'ngaro'])
      expect(await foundIn(here.database, query)).toEqual(['other.md']);
    await child.kill();
    expect(await indexFaults(here.database)).toEqual({});
  }, 60_000);
});

const closing = (database: Database): AsyncDisposable & { readonly database: Database } => ({
  database,
  [Symbol.asyncDispose]: () => database.close(),
});
