import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Admission, Identity } from './admission.ts';
import type { ChatSocketContext } from './chat-socket.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import type { Transport } from './outbound.ts';
import { startSession, type WsSession, type WsSessionOptions } from './ws-session.ts';

export interface ClientLoad {
  readonly clients: number;
  readonly unreadBytes: number;
}

/** All WebSocket clients of the gateway. */
export interface Clients {
  beat(): void;
  load(): ClientLoad;
  /** Closes what was opened with this login. */
  closeSession(sessionId: string): void;
  /** Closes what was opened with this token of a program. */
  closeApiToken(tokenId: string): void;
  /** Takes nobody in any more; closes everybody with 1001, and by force after the grace. */
  stop(): Promise<void>;
}

export interface ClientsOptions extends Omit<WsSessionOptions, 'socket' | 'transport'>, ChatSocketContext {
  readonly server: Server;
  readonly admission: Admission;
}

export function serveClients(options: ClientsOptions): Clients {
  const { server, admission, limits, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const clients = new Map<WsSession, Identity>();
  let stopping = false;

  server.on('upgrade', (request, connection, head) => {
    // A connection that breaks here concerns nobody; unheard its error would end the process.
    connection.on('error', () => connection.destroy());
    const admitted = admit(request);
    if ('status' in admitted) return refuse(connection, admitted);
    const upgrade = (start: StartClient) =>
      sockets.handleUpgrade(request, connection, head, (socket) => {
        const session = start(socket, connection);
        clients.set(session, admitted);
        socket.once('close', () => clients.delete(session));
      });
    if (pathOf(request) === '/ws') return upgrade(startFrames);
    loadChatClients(request).then(upgrade, (error: unknown) => {
      log.error({ err: error }, 'a client could not be served');
      refuse(connection, BROKEN);
    });
  });

  const startFrames: StartClient = (socket, transport) => startSession({ ...options, socket, transport });

  /** Loaded when somebody comes who speaks it. */
  async function loadChatClients(request: IncomingMessage): Promise<StartClient> {
    const { startChatSocket } = await import('./chat-socket.ts');
    const query = new URLSearchParams(request.url?.split('?')[1]);
    return (socket, transport) => startChatSocket({ ...options, socket, transport, query });
  }

  function admit(request: IncomingMessage): Identity | Rejection {
    if (!PATHS.has(pathOf(request))) return NOT_FOUND;
    const foreign = admission.checkAddress(request);
    if (foreign !== undefined) return foreign;
    const identity = admission.identify(request);
    if (!identity.ok) return identity.error;
    if (identity.value.sessionId !== null && request.headers.origin === undefined) return NO_ORIGIN;
    if (stopping) return STOPPING;
    if (clients.size < limits.clients) return identity.value;
    log.warn({ clients: clients.size }, 'a client was turned away: too many');
    return FULL;
  }

  async function stop(): Promise<void> {
    stopping = true;
    const all = [...clients.keys()];
    const force = setTimeout(() => {
      for (const client of all) client.terminate();
    }, limits.closeGraceMs);
    await Promise.all(all.map((client) => client.stop()));
    clearTimeout(force);
  }

  return {
    stop,
    beat() {
      for (const client of clients.keys()) client.beat();
    },
    load() {
      const unread = [...clients.keys()].map((client) => client.unreadBytes());
      return { clients: unread.length, unreadBytes: unread.reduce((sum, bytes) => sum + bytes, 0) };
    },
    closeApiToken(tokenId) {
      for (const [client, identity] of clients) {
        if (identity.apiTokenId === tokenId) client.close(1008, 'token revoked');
      }
    },
    closeSession(sessionId) {
      for (const [client, identity] of clients) {
        if (identity.sessionId === sessionId) client.close(1008, 'logged out');
      }
    },
  };
}

type StartClient = (socket: WebSocket, transport: Transport) => WsSession;

/** Our own frames, and those of the HTTP API's events. */
const PATHS: ReadonlySet<string> = new Set(['/ws', '/api/chat/ws']);

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?')[0] ?? '';

interface Rejection {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

const NOT_FOUND: Rejection = {
  status: 404,
  code: 'not-found',
  message: 'WebSockets are at /ws and /api/chat/ws.',
};
const NO_ORIGIN: Rejection = {
  status: 403,
  code: 'forbidden',
  message: 'A browser must say which page asks for a WebSocket (`Origin`).',
};
const BROKEN: Rejection = {
  status: 500,
  code: 'internal',
  message: 'The assistant could not answer. Its log says why.',
};
const STOPPING: Rejection = { status: 503, code: 'shutting-down', message: 'The assistant is stopping.' };
const FULL: Rejection = {
  status: 503,
  code: 'busy',
  message: 'Too many clients are connected. Close one first.',
};

function refuse(connection: Duplex, { status, code, message, retryAfterSeconds }: Rejection): void {
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => connection.destroy());
}
