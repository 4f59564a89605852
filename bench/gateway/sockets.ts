import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { RunningAssistant } from '../assistant.ts';

type Place = Pick<RunningAssistant, 'url' | 'token'>;

/** Connections that are being made at the same time. */
const AT_ONCE = 100;

/** So many clients of `/ws`, each welcomed. Nothing but the socket: what they take is not to be what is measured. */
export async function openSockets(place: Place, count: number): Promise<readonly WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const missing = Math.min(AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: missing }, () => openSocket(place)))));
  }
  return sockets;
}

export async function closeSockets(sockets: readonly WebSocket[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }),
  );
}

async function openSocket({ url, token }: Place): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  await once(socket, 'message');
  return socket;
}
