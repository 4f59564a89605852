import { once } from 'node:events';
import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../core/clock.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { createOutbound } from './outbound.ts';

interface Frame {
  readonly type: 'progress' | 'answer';
}

/** Frames to a real client, where those of progress may wait. */
async function openLine() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  const port = address instanceof Object ? address.port : 0;
  const served: Promise<WebSocket> = once(server, 'connection').then(([socket]) => socket);
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const socket = await served;
  let writes = 0;
  const outbound = createOutbound<Frame>({
    socket,
    transport: { cork: () => {}, uncork: () => writes++ },
    limits: DEFAULT_LIMITS,
    clock: systemClock,
    onOverflow: () => {},
    mayWait: ({ type }) => type === 'progress',
  });
  return {
    push(...types: readonly Frame['type'][]) {
      for (const type of types) outbound.push({ type });
    },
    writes: () => writes,
    async [Symbol.asyncDispose]() {
      client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) await nextRound();
}

test('what may wait lets some rounds of the event loop go first, and leaves in one write', async () => {
  await using line = await openLine();
  line.push('progress');
  await rounds(4);
  line.push('progress');
  expect(line.writes()).toBe(0);
  await rounds(4);
  expect(line.writes()).toBe(1);
});

test('what may not wait takes along what does, in the next round', async () => {
  await using line = await openLine();
  line.push('answer');
  await rounds(1);
  expect(line.writes()).toBe(1);
  line.push('progress');
  await rounds(2);
  line.push('answer', 'progress');
  await rounds(1);
  expect(line.writes()).toBe(2);
  await rounds(10);
  expect(line.writes()).toBe(2);
});
