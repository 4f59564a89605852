import { createServer, type ServerResponse } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { IdleTimeout, idleFetch } from './idle-fetch.ts';

const IDLE_MS = 1000;
const cleanUps: (() => void)[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function openStream(): Promise<{
  server: ServerResponse;
  reader: ReadableStreamDefaultReader<Uint8Array>;
}> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connected = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => {
    response.flushHeaders();
    connected.resolve(response);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  cleanUps.push(() => server.close().closeAllConnections());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const response = await idleFetch(IDLE_MS)(`http://127.0.0.1:${port}/`);
  if (response.body === null) throw new Error('expected a body');
  return { server: await connected.promise, reader: response.body.getReader() };
}

test('every byte starts the waiting anew', async () => {
  const { server, reader } = await openStream();
  for (const text of ['a', 'b', 'c']) {
    vi.advanceTimersByTime(IDLE_MS - 1);
    server.write(text);
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(text);
  }
  server.end();
  expect((await reader.read()).done).toBe(true);
});

test('silence ends the stream', async () => {
  const { reader } = await openStream();
  const read = reader.read();
  vi.advanceTimersByTime(IDLE_MS);
  await expect(read).rejects.toBeInstanceOf(IdleTimeout);
});

test('no timer is left behind', async () => {
  const { server, reader } = await openStream();
  server.end('a');
  await reader.read();
  await reader.read();
  expect(vi.getTimerCount()).toBe(0);
});
