import { once } from 'node:events';
import type { WebSocket } from 'ws';

const CONVERSATION = 'fan-out';

/** Has every client watch the same conversation, from its end on. */
export async function watchTogether(sockets: readonly WebSocket[]): Promise<void> {
  for (const socket of sockets) {
    const subscribed = once(socket, 'message');
    const frame = { type: 'subscribe', requestId: 's', conversationId: CONVERSATION, after: 1_000_000_000 };
    socket.send(JSON.stringify(frame));
    await subscribed;
  }
}

/**
 * One client says something; resolves when the reply has come to all, with how many milliseconds after the first of them
 * each was told that the turn began. The commit before it is no part of that.
 */
export async function sayToAll(sockets: readonly WebSocket[], text: string): Promise<readonly number[]> {
  const [speaker] = sockets;
  if (!speaker) throw new Error('nobody is connected');
  const arrivals: number[] = [];
  const replied = sockets.map((socket) => awaitTurn(socket, () => arrivals.push(performance.now())));
  const message = { type: 'send', requestId: text, conversationId: CONVERSATION, messageId: text, text };
  speaker.send(JSON.stringify(message));
  await Promise.all(replied);
  const first = Math.min(...arrivals);
  return arrivals.map((at) => at - first);
}

function awaitTurn(socket: WebSocket, onBegan: () => void): Promise<void> {
  return new Promise((resolve) => {
    const listen = (data: Buffer) => {
      // Parsing a thousand copies would be this process's time.
      if (data.includes('"type":"turn.began"')) onBegan();
      if (!data.includes('"type":"turn.replied"')) return;
      socket.off('message', listen);
      resolve();
    };
    socket.on('message', listen);
  });
}
