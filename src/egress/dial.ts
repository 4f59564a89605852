import { connect, type Socket } from 'node:net';
import { ok, type Result } from '../core/result.ts';
import { checkAddress } from '../network/index.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/** Begins a connection to an address that was checked before. */
export type Dial = (address: string) => Socket;

/** Refuses what is not public even where a caller forgot to check. */
export const dialPublic: Dial = (address) => {
  const checked = checkAddress(address);
  if (!checked.ok) throw new Error(`a tunnel was to lead to ${address}: ${checked.error.rule}`);
  return connect({ host: checked.value, port: 443, allowHalfOpen: true });
};

/** A connection to the first of these addresses that takes one. */
export async function dialFirst(
  dial: Dial,
  addresses: readonly string[],
  attemptMs: number,
  signal: AbortSignal,
): Promise<Result<Socket, EgressRefusal>> {
  for (const address of addresses) {
    if (signal.aborted) break;
    const socket = await attempt(dial(address), attemptMs, signal);
    if (socket) return ok(socket);
  }
  return refuse('connection', 'The host could not be reached.');
}

function attempt(socket: Socket, attemptMs: number, signal: AbortSignal): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, attemptMs);
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once('connect', () => resolve(socket));
  // Stays for the life of the socket: an error nobody hears ends the process.
  socket.on('error', giveUp);
  socket.once('close', () => resolve(undefined));
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  });
}
