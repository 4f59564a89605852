import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../storage/index.ts';
import { MIGRATIONS } from '../../storage/testing/migrations-folder.ts';
import { type PostgresServer, startPostgres } from '../../storage/testing/postgres-server.ts';
import { type EmbeddingServer, startEmbeddingServer } from './testing/embedding-server.ts';
import { nearestPaths, openVectors, putDocuments, untilStopped } from './testing/open-vectors.ts';

const WORDS = 'apple bread candle dragon eagle forest garden hammer island jacket kettle ladder'.split(' ');
const QUESTIONS = ['dragon forest', 'candle', 'island eagle hammer', 'bread and jacket'];
const COUNT = 300;

/** Documents of five words each, no two alike. */
const DOCUMENTS = Object.fromEntries(
  Array.from({ length: COUNT }, (_, n) => [
    `notes/${n % 3 === 0 ? 'third/' : ''}${n}.md`,
    [1, 3, 5, 7, 11].map((step) => WORDS[(n * step + (n >> 4)) % WORDS.length]).join(' '),
  ]),
);

const open = (url: string): Promise<Database> =>
  openDatabase({ url, dataDir: '/nowhere', migrationsDir: MIGRATIONS });

const tableCount = async (database: Database, table: string): Promise<unknown> =>
  (await database.query(`select count(*) as count from ${table}`)).rows[0]?.count;

let server: EmbeddingServer;
beforeAll(async () => {
  server = await startEmbeddingServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const model = () => ({ provider: 'ollama', model: 'hash', baseUrl: server.url });

describe.each([
  { name: 'without the extension', vectors: false },
  { name: 'with pgvector', vectors: true },
])('on PostgreSQL $name', ({ vectors: extension }) => {
  let postgres: PostgresServer | undefined;
  beforeAll(async () => {
    postgres = await startPostgres({ vectors: extension });
  }, 200_000);
  afterAll(() => postgres?.[Symbol.asyncDispose]());

  test('the same chunks are found as by comparing all of them', async ({ skip }) => {
    if (!postgres) return skip();
    const database = await open(await postgres.freshDatabase());
    const vectors = openVectors(database, model());
    await putDocuments(database, DOCUMENTS);
    expect(await vectors.index(untilStopped())).toEqual({ ok: true, value: undefined });
    const { rows } = await database.query('select indexed from memory_model');
    expect(rows).toEqual([{ indexed: extension }]);
    for (const question of QUESTIONS) {
      for (const folder of [undefined, 'notes/third']) {
        const within = folder === undefined ? {} : { folder };
        const beside = chunksIn(database, folder ?? 'notes');
        const found = await vectors.nearest(question, { limit: 20, waitMs: 20_000, beside, ...within });
        const best = [...(found?.beside.values() ?? [])].sort((a, b) => b - a).slice(0, 20);
        expect(best).toHaveLength(20);
        expect(found?.candidates.map(({ similarity }) => similarity.toFixed(5))).toEqual(
          best.map((similarity) => similarity.toFixed(5)),
        );
      }
    }
    await vectors.rest();
    await database.close();
  });

  test('two processes on one database make every vector once, and both find them', async ({ skip }) => {
    if (!postgres) return skip();
    const url = await postgres.freshDatabase();
    const [one, other] = [await open(url), await open(url)];
    await putDocuments(one, DOCUMENTS);
    const asked = server.texts.length;
    const [a, b] = [openVectors(one, model()), openVectors(other, model())];
    const done = await Promise.all([a.index(untilStopped()), b.index(untilStopped())]);
    expect(done.every(({ ok }) => ok)).toBe(true);
    expect(server.texts.length - asked).toBe(COUNT);
    expect(await tableCount(one, 'memory_embedding')).toBe(COUNT);
    await putDocuments(other, { 'notes/new.md': 'zebra' });
    await nearestPaths(one, a, 'zebra');
    await b.index(untilStopped());
    expect((await nearestPaths(other, b, 'zebra'))?.[0]).toBe('notes/new.md');
    expect((await nearestPaths(one, a, 'zebra'))?.[0]).toBe('notes/new.md');
    await Promise.all([a.rest(), b.rest()]);
    await Promise.all([one.close(), other.close()]);
  });

  test('killed in the middle of making other vectors, it goes on where it was', async ({ skip }) => {
    if (!postgres) return skip();
    const url = await postgres.freshDatabase();
    const database = await open(url);
    await putDocuments(database, DOCUMENTS);
    const former = openVectors(database, { ...model(), model: 'former' });
    await former.index(untilStopped());
    await former.rest();
    const asked = server.texts.length;
    const child = spawn(process.execPath, [CHILD, url, server.url], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(child, 'exit');
    while (server.texts.length - asked < COUNT / 2) await server.nextRequest();
    child.kill('SIGKILL');
    await exited;
    const next = openVectors(database, model());
    const kept = (await next.status()).embedded;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(COUNT);
    expect((await nearestPaths(database, next, 'candle'))?.length).toBeGreaterThan(0);
    expect(server.requests.at(-1)?.model).toBe('former');
    // The lease of a process that died runs out by itself.
    await database.query("update memory_model set leased_until = now() - interval '1 second'");
    const before = server.texts.length;
    expect((await next.index(untilStopped())).ok).toBe(true);
    expect(server.texts.length - before).toBe(COUNT - kept);
    expect(await tableCount(database, 'memory_embedding')).toBe(COUNT);
    expect(await tableCount(database, 'memory_model')).toBe(1);
    await next.rest();
    await database.close();
  });

  test.runIf(extension)(
    'vectors from before there was an index come into it, and it goes with its model',
    async ({ skip }) => {
      if (!postgres) return skip();
      const database = await open(await postgres.freshDatabase());
      await putDocuments(database, DOCUMENTS);
      const vectors = openVectors(database, model());
      await vectors.index(untilStopped());
      const { rows } = await database.query<{ id: number }>('select id from memory_model');
      const table = `memory_vector_${rows[0]?.id}`;
      await database.query(`drop table ${table}`);
      expect((await nearestPaths(database, vectors, 'candle'))?.length).toBe(5);
      await vectors.index(untilStopped());
      expect(await tableCount(database, table)).toBe(COUNT);
      const next = openVectors(database, { ...model(), model: 'next' });
      await next.index(untilStopped());
      const { rows: tables } = await database.query('select 1 from pg_class where relname = $1', [table]);
      expect(tables).toEqual([]);
      await Promise.all([vectors.rest(), next.rest()]);
      await database.close();
    },
  );
});

const CHILD = new URL('./testing/indexer-child.ts', import.meta.url).pathname;

async function chunksIn(database: Database, folder: string): Promise<readonly number[]> {
  const { rows } = await database.query<{ id: number }>(
    "select id from memory_chunk where starts_with(path, $1::text || '/')",
    [folder],
  );
  return rows.map(({ id }) => id);
}
