import { describe, expect, test } from 'vitest';
import { connect } from './client.ts';
import type { ConnectionState } from './index.ts';
import { runGateway, TOKEN } from './testing/running-gateway.ts';
import { unsteadyNetwork } from './testing/unsteady-network.ts';

describe('connecting', () => {
  test('gives the welcome, by WebSocket address or by the printed one', async () => {
    await using running = await runGateway();
    for (const url of [running.url, `${running.url}/`, `ws://127.0.0.1:${running.port}/ws`]) {
      expect((await running.connect({ url })).welcome).toEqual({ version: '1.2.3', model: 'memory' });
    }
  });

  test('says when nobody answers', async () => {
    const running = await runGateway();
    await running.gateway.stop();
    await expect(connect({ url: running.url, token: TOKEN })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('says when the token is not accepted', async () => {
    await using running = await runGateway();
    await expect(connect({ url: running.url, token: 'wrong' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('says when something else answers', async () => {
    await using running = await runGateway();
    await expect(connect({ url: `${running.url}/elsewhere`, token: TOKEN })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});

test('finds what was said, over WebSocket and over HTTP, for those who may', async () => {
  await using running = await runGateway();
  const client = await running.connect({});
  await client.send('talk', 'hello', { mode: 'auto' });
  const hits = await client.search('You said', 500);
  expect(hits).toMatchObject([{ conversationId: 'talk', by: 'assistant', snippet: 'You said: hello' }]);
  const url = new URL('/api/search?q=You+said&limit=1', running.url);
  const answer = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await answer.json()).toEqual({ hits });
  expect((await fetch(url)).status).toBe(401);
  expect(running.assistant.inbox[0]?.input).toEqual({ type: 'message', text: 'hello' });
});

describe('losing the connection', () => {
  test('is told, and told again when it is back', async () => {
    await using running = await runGateway();
    await using network = await unsteadyNetwork(running.port);
    const states: ConnectionState[] = [];
    const client = await running.connect({ url: network.url, onState: (state) => states.push(state) });
    network.cut();
    await client.ping();
    await client.close();
    expect(states.slice(0, 2)).toEqual(['connected', 'reconnecting']);
    expect(states.slice(-2)).toEqual(['connected', 'closed']);
  });

  test('rejects what may not be asked twice, and asks the rest again', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using running = await runGateway({ memory: { beforeRead: () => held } });
    await using network = await unsteadyNetwork(running.port);
    const client = await running.connect({ url: network.url });
    const history = client.history('c');
    await client.ping();
    network.cutAfter(1);
    await expect(client.interrupt('c')).rejects.toMatchObject({ code: 'closed' });
    release();
    expect(await history).toEqual({ entries: [], hasMore: false });
    expect(running.assistant.inbox).toHaveLength(1);
  });

  test('ends everything where no reconnect is wanted', async () => {
    await using running = await runGateway();
    await using network = await unsteadyNetwork(running.port);
    const client = await running.connect({ url: network.url, reconnect: false });
    network.cutAfter(1);
    await expect(client.ping()).rejects.toMatchObject({ code: 'closed' });
    await expect(client.ping()).rejects.toMatchObject({ code: 'closed' });
  });

  test('waits longer and longer, and gives up when the token is refused', async () => {
    const first = await runGateway();
    const attempts: number[] = [];
    const states: ConnectionState[] = [];
    let second: Awaited<ReturnType<typeof runGateway>> | undefined;
    const client = await first.connect({
      onState: (state) => states.push(state),
      async backOff(attempt) {
        attempts.push(attempt);
        if (attempt === 3) second = await runGateway({ port: first.port, token: 'another-token-altogether' });
      },
    });
    await first.gateway.stop();
    await expect(client.ping()).rejects.toMatchObject({ code: 'forbidden' });
    expect(attempts).toEqual([0, 1, 2, 3]);
    expect(states).toEqual(['connected', 'reconnecting', 'closed']);
    await second?.gateway.stop();
  });
});

describe('closing', () => {
  test('rejects what waits and what comes after', async () => {
    await using running = await runGateway({ memory: { beforeRead: () => new Promise(() => {}) } });
    const client = await running.connect();
    const waiting = expect(client.history('c')).rejects.toMatchObject({ code: 'closed' });
    await client.close();
    await waiting;
    await expect(client.ping()).rejects.toMatchObject({ code: 'closed' });
    await client.close();
  });

  test('ends a wait for the next attempt', async () => {
    const running = await runGateway();
    let waiting = () => {};
    const waits = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const client = await running.connect({
      backOff: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          waiting();
        }),
    });
    await running.gateway.stop();
    await waits;
    await client.close();
  });

  test('more requests than may be in flight wait for their turn', async () => {
    await using running = await runGateway();
    const client = await running.connect();
    await Promise.all(Array.from({ length: 500 }, () => client.ping()));
  });
});
