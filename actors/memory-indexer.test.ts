import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActor, SimulatedClock, waitFor } from 'xstate';
import { openEmbeddedDatabase } from '../src/memory/vectors/testing/embedded-database.ts';
import {
  type EmbeddingServer,
  startEmbeddingServer,
} from '../src/memory/vectors/testing/embedding-server.ts';
import { openVectors, putDocuments } from '../src/memory/vectors/testing/open-vectors.ts';
import { memoryIndexer } from './memory-indexer.ts';

let opened: Awaited<ReturnType<typeof openEmbeddedDatabase>>;
let server: EmbeddingServer;

beforeAll(async () => {
  [opened, server] = await Promise.all([openEmbeddedDatabase(), startEmbeddingServer()]);
});

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const LOOK_MS = 10_000;

test('what is written gets its vectors by itself, also when the model was away at first', async () => {
  const { database } = opened;
  const vectors = openVectors(database, { provider: 'ollama', model: 'hash', baseUrl: server.url });
  const clock = new SimulatedClock();
  const actor = createActor(memoryIndexer(vectors), { clock }).start();
  const reaches = (state: 'idle' | 'embedding' | 'pausing') => waitFor(actor, (now) => now.matches(state));

  server.behaviour = 'down';
  await putDocuments(database, { 'a.md': 'red apples' });
  clock.increment(LOOK_MS);
  await reaches('pausing');
  expect(await vectors.status()).toMatchObject({ pending: 1, trouble: expect.any(String) });

  server.behaviour = 'well';
  clock.increment(5_000);
  await reaches('embedding');
  await reaches('idle');
  expect(await vectors.status()).toEqual({
    model: `ollama/hash ${server.url}`,
    embedded: 1,
    pending: 0,
  });

  const asked = server.requests.length;
  clock.increment(LOOK_MS);
  await reaches('idle');
  expect(server.requests).toHaveLength(asked);
  actor.stop();
  await vectors.rest();
});
