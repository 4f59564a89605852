import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ServerFrame } from '../../core/wire.ts';
import { type RunningGateway, TOKEN } from './running-gateway.ts';

/** A WebSocket without the client's manners, for frames no client would send. */
export interface RawSocket {
  readonly socket: WebSocket;
  send(frame: object | string | Buffer): void;
  /** The next frame that came in and was not taken yet. */
  next(): Promise<ServerFrame>;
  /** The code the connection closed with. */
  readonly closed: Promise<number>;
}

/** Resolves after the welcome. */
export async function openRaw({ url }: RunningGateway): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const frames: ServerFrame[] = [];
  const takers: ((frame: ServerFrame) => void)[] = [];
  socket.on('message', (data) => {
    const frame: ServerFrame = JSON.parse(String(data));
    const taker = takers.shift();
    if (taker === undefined) frames.push(frame);
    else taker(frame);
  });
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const next = async () => frames.shift() ?? new Promise<ServerFrame>((resolve) => takers.push(resolve));
  await once(socket, 'open');
  await next();
  const text = (frame: object | string | Buffer) =>
    typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame);
  return { socket, next, closed, send: (frame) => socket.send(text(frame)) };
}
