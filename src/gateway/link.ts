import { WebSocket } from 'ws';
import type { ClientFrame, ServerFrame } from '../core/wire.ts';
import { GatewayError, type GatewayErrorCode } from './gateway-error.ts';

/** One WebSocket connection to a gateway, from its welcome to its end. */
export interface Link {
  readonly welcome: Welcome;
  send(frame: ClientFrame): void;
  /** Says goodbye; resolves when the connection is gone. */
  close(): Promise<void>;
  /** Ends the connection at once. */
  drop(): void;
}

export interface Welcome {
  readonly version: string;
  readonly model: string;
}

export interface LinkOptions {
  readonly url: string;
  readonly token: string;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onClosed: () => void;
}

const HANDSHAKE_MS = 10_000;
/** The gateway pings every 30 seconds; after three missed ones it is gone. */
const SILENCE_MS = 100_000;
const GOODBYE_MS = 2_000;

/** Rejects with a GatewayError: `forbidden`, `busy` or `unreachable`. */
export function openLink({ url, token, onFrame, onClosed }: LinkOptions): Promise<Link> {
  const socket = new WebSocket(socketUrl(url), {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS,
  });
  watchSilence(socket);
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  return new Promise((resolve, reject) => {
    let welcomed = false;
    socket.on('message', (data) => {
      const frame: ServerFrame = JSON.parse(String(data));
      if (frame.type !== 'welcome') return onFrame(frame);
      welcomed = true;
      resolve(linkOver(socket, gone, frame));
    });
    socket.on('unexpected-response', (request, { statusCode }) => {
      request.destroy();
      reject(refusedWith(statusCode ?? 0));
    });
    socket.on('error', (cause) => reject(unreachable(url, { cause })));
    socket.on('close', () => {
      if (welcomed) onClosed();
      else reject(unreachable(url));
    });
  });
}

function linkOver(socket: WebSocket, gone: Promise<void>, { version, model }: Welcome): Link {
  return {
    welcome: { version, model },
    send: (frame) => socket.send(JSON.stringify(frame), ignoreLateSend),
    drop: () => socket.terminate(),
    async close() {
      socket.close(1000);
      const force = setTimeout(() => socket.terminate(), GOODBYE_MS);
      await gone;
      clearTimeout(force);
    },
  };
}

/** Sending on a connection that just ended is no error of its own: `close` follows. */
function ignoreLateSend(): void {}

/** Takes the address a person sees as well: `http://127.0.0.1:4747` is `ws://127.0.0.1:4747/ws`. */
function socketUrl(url: string): URL {
  const target = new URL(url.replace(/^http/, 'ws'));
  if (target.pathname === '/') target.pathname = '/ws';
  return target;
}

/** A peer that vanished without closing is noticed by its silence. */
function watchSilence(socket: WebSocket): void {
  const alarm = setTimeout(() => socket.terminate(), SILENCE_MS).unref();
  socket.on('ping', () => alarm.refresh());
  socket.once('close', () => clearTimeout(alarm));
}

const REFUSALS: Readonly<Record<number, readonly [GatewayErrorCode, string]>> = {
  401: ['forbidden', 'The assistant did not accept the token. Is it the one of this home folder?'],
  403: [
    'forbidden',
    'The assistant does not answer under this address. Use the one it printed when it started.',
  ],
  429: ['busy', 'Too many failed logins. Wait a minute and try again.'],
  503: ['busy', 'The assistant takes no more connections now. Close one, or try again shortly.'],
};

function refusedWith(status: number): GatewayError {
  const [code, message] = REFUSALS[status] ?? [
    'unreachable',
    `Something else answers at this address (${status}).`,
  ];
  return new GatewayError(code, message);
}

function unreachable(url: string, options?: ErrorOptions): GatewayError {
  return new GatewayError('unreachable', `No assistant answers at ${url}. Is it running?`, options);
}
