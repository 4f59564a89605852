import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openEmbeddedDatabase } from './testing/embedded-database.ts';
import { type Behaviour, type EmbeddingServer, startEmbeddingServer } from './testing/embedding-server.ts';
import { nearestPaths, openVectors, putDocuments, untilStopped } from './testing/open-vectors.ts';

let opened: Awaited<ReturnType<typeof openEmbeddedDatabase>>;
let database: Database;
let server: EmbeddingServer;

beforeAll(async () => {
  opened = await openEmbeddedDatabase();
  database = opened.database;
});

beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_model');
  server = await startEmbeddingServer();
  await putDocuments(database, {
    'a.md': 'red apples and green apples',
    'b.md': 'blue bicycles in the shed',
    'c.md': 'cold coffee in the morning',
  });
  return () => server[Symbol.asyncDispose]();
});

afterAll(() => opened[Symbol.asyncDispose]());

const openai = (more: object = {}) => ({
  provider: 'openai',
  model: 'hash',
  baseUrl: `${server.url}/v1`,
  ...more,
});
const ollama = () => ({ provider: 'ollama', model: 'hash', baseUrl: server.url });
const ENV = {
  OPENAI_API_KEY: 'sk-of-openai',
  IRONBARK_LLM_API_KEY: 'sk-of-another',
  ANTHROPIC_API_KEY: 'sk-ant',
};

const count = async (table: string): Promise<unknown> =>
  (await database.query(`select count(*) as count from ${table}`)).rows[0]?.count;

test('vectors are made by anything that speaks as OpenAI does, with its own key and no other', async () => {
  const vectors = openVectors(database, openai(), { env: ENV });
  expect(await vectors.index(untilStopped())).toEqual({ ok: true, value: undefined });
  expect(server.requests).toEqual([{ path: '/v1/embeddings', key: 'Bearer sk-of-openai', model: 'hash' }]);
  expect((await nearestPaths(database, vectors, 'bicycles'))?.[0]).toBe('b.md');
  expect((await nearestPaths(database, vectors, 'apples'))?.[0]).toBe('a.md');
  await vectors.rest();
});

test('the key comes from the vault where it is there', async () => {
  const vectors = openVectors(database, openai(), {
    vaultNames: async () => ['openai_api_key'],
    readKey: async () => 'sk-of-the-vault',
  });
  await vectors.index(untilStopped());
  expect(server.requests[0]?.key).toBe('Bearer sk-of-the-vault');
  await vectors.rest();
});

test('Ollama is asked on its own road, without a key', async () => {
  const vectors = openVectors(database, ollama(), { env: ENV });
  expect(await vectors.index(untilStopped())).toEqual({ ok: true, value: undefined });
  expect(server.requests).toEqual([{ path: '/api/embed', key: undefined, model: 'hash' }]);
  expect((await nearestPaths(database, vectors, 'coffee'))?.[0]).toBe('c.md');
  await vectors.rest();
});

test('a question that was asked before costs the provider nothing', async () => {
  const vectors = openVectors(database, openai());
  await vectors.index(untilStopped());
  await nearestPaths(database, vectors, 'coffee');
  const asked = server.requests.length;
  await nearestPaths(database, vectors, 'coffee');
  expect(server.requests).toHaveLength(asked);
  await vectors.rest();
});

const FAILURES: readonly [Behaviour, RegExp][] = [
  ['down', /OpenAI/],
  ['page', /something else|text\/html|instead of vectors|OpenAI answered/],
  ['garbage', /something else than vectors/],
  ['short', /something else than vectors/],
  ['breaks', /OpenAI/],
];

test.each(FAILURES)(
  'a provider that is "%s" is told about, and its work is made up for',
  async (behaviour, told) => {
    const vectors = openVectors(database, openai());
    server.behaviour = behaviour;
    const done = await vectors.index(untilStopped());
    expect(done.ok).toBe(false);
    expect((await vectors.status()).trouble).toMatch(told);
    expect((await vectors.status()).pending).toBe(3);
    expect(await vectors.look()).toBe(true);
    server.behaviour = 'well';
    expect((await vectors.index(untilStopped())).ok).toBe(true);
    const { trouble, ...status } = await vectors.status();
    expect({ trouble, ...status }).toEqual({
      model: `openai/hash ${server.url}/v1`,
      embedded: 3,
      pending: 0,
    });
    await vectors.rest();
  },
);

test('what is there is searched while the provider is silent, and a question does not wait for it', async () => {
  const vectors = openVectors(database, openai());
  await vectors.index(untilStopped());
  await nearestPaths(database, vectors, 'coffee');
  server.behaviour = 'silent';
  expect(await vectors.nearest('bicycles', { limit: 1, waitMs: 50 })).toBeUndefined();
  expect((await nearestPaths(database, vectors, 'coffee'))?.[0]).toBe('c.md');
  await vectors.rest();
});

test('work that is stopped in the middle of a request ends at once, and well', async () => {
  const vectors = openVectors(database, openai());
  server.behaviour = 'silent';
  const stop = new AbortController();
  const asked = server.nextRequest();
  const done = vectors.index(stop.signal);
  await asked;
  stop.abort();
  expect(await done).toEqual({ ok: true, value: undefined });
  expect((await vectors.status()).trouble).toBeUndefined();
  await vectors.rest();
});

test('vectors of another length than before are refused, with what to do', async () => {
  const vectors = openVectors(database, openai());
  await vectors.index(untilStopped());
  server.dimensions = 32;
  await putDocuments(database, { 'd.md': 'dancing shoes' });
  expect((await vectors.index(untilStopped())).ok).toBe(false);
  expect((await vectors.status()).trouble).toMatch(/32 dimensions.*have 64.*embeddings\.model/);
  expect(await count('memory_embedding')).toBe(3);
  expect(await nearestPaths(database, vectors, 'dancing')).toBeUndefined();
  await vectors.rest();
});

test('one text that the model refuses does not keep the others from their vectors', async () => {
  const vectors = openVectors(database, openai());
  server.behaviour = 'squeamish';
  await putDocuments(database, { 'd.md': 'a squeamish text', 'e.md': 'eels in the river' });
  expect((await vectors.index(untilStopped())).ok).toBe(false);
  expect(await vectors.status()).toMatchObject({
    embedded: 4,
    pending: 1,
    trouble: expect.stringContaining('1 text'),
  });
  const asked = server.texts.length;
  await putDocuments(database, { 'f.md': 'figs' });
  await vectors.index(untilStopped());
  expect(server.texts.slice(asked)).toEqual(['figs']);
  await vectors.rest();
});

test('a model that is not configured any more is searched until the next has vectors of everything', async () => {
  const former = openVectors(database, ollama());
  await former.index(untilStopped());
  await former.rest();
  server.dimensions = 96;
  const next = openVectors(database, openai());
  server.behaviour = 'down';
  await next.index(untilStopped());
  server.behaviour = 'well';
  server.dimensions = 64;
  expect((await nearestPaths(database, next, 'bicycles'))?.[0]).toBe('b.md');
  expect(server.requests.at(-1)?.path).toBe('/api/embed');
  expect(await next.status()).toMatchObject({ embedded: 0, pending: 3 });
  server.dimensions = 96;
  expect((await next.index(untilStopped())).ok).toBe(true);
  expect((await nearestPaths(database, next, 'bicycles'))?.[0]).toBe('b.md');
  expect(server.requests.at(-1)?.path).toBe('/v1/embeddings');
  expect(await count('memory_model')).toBe(1);
  expect(await count('memory_embedding')).toBe(3);
  await next.rest();
});

test('a provider without its key is told about before it is asked', async () => {
  const vectors = openVectors(
    database,
    { provider: 'openai', model: 'hash' },
    { env: { IRONBARK_LLM_API_KEY: 'x' } },
  );
  expect((await vectors.index(untilStopped())).ok).toBe(false);
  expect((await vectors.status()).trouble).toMatch(/needs a key/);
});
