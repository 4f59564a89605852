import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAllowance } from './allowance.ts';
import { writeRefused } from './answer.ts';
import type { Door } from './door.ts';
import type { Egress, EgressDoor, EgressOrder, EgressServices } from './egress.ts';
import { DEFAULT_EGRESS_LIMITS } from './limits.ts';
import { NOT_RECORDED } from './recorded.ts';
import type { EgressRefusal } from './refuse.ts';
import { createRequestLog } from './request-log.ts';
import { servePlain } from './serve-plain.ts';
import { serveTunnel } from './serve-tunnel.ts';
import { createTurnstile } from './turnstile.ts';

/** Doors for containers, each with limits, counts and lines in the audit log of its own. */
export function createEgress(services: EgressServices): Egress {
  return { open: (order) => openDoor(services, order) };
}

async function openDoor(services: EgressServices, order: EgressOrder): Promise<EgressDoor> {
  // A list that cannot be read is found here, and not by a container.
  services.allow();
  const limits = { ...DEFAULT_EGRESS_LIMITS, ...services.limits };
  const counts = { answered: 0, refused: 0, failed: 0 };
  const closing = new AbortController();
  const door: Door = {
    order,
    services,
    limits,
    allowance: createAllowance(limits),
    log: createRequestLog(services, order),
    count: (what) => {
      counts[what]++;
    },
    signal: closing.signal,
    hungUpOn: new WeakSet(),
  };
  const sockets = new Set<Duplex>();
  const underWay = new Set<Promise<void>>();
  const server = createDoorServer(door, sockets, underWay);
  await listen(server, order.socketPath);
  return {
    counts() {
      const { up, down } = door.allowance.used();
      return { ...counts, upBytes: up, downBytes: down };
    },
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      // Their lines are written before the door counts as closed.
      await Promise.allSettled(underWay);
      await rm(order.socketPath, { force: true });
      await door.log.close().catch(services.onDefect);
    },
  };
}

function createDoorServer(door: Door, sockets: Set<Duplex>, underWay: Set<Promise<void>>): Server {
  const { limits } = door;
  const plain = createTurnstile(door, limits.plainRequests);
  const tunnels = createTurnstile(door, limits.tunnels);
  const follow = (served: Promise<void>, socket: Duplex | undefined): void => {
    const followed = served
      .catch((thrown: unknown) => defect(door, thrown, socket))
      .finally(() => underWay.delete(followed));
    underWay.add(followed);
  };
  const server = createServer({
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headMs),
    keepAliveTimeout: limits.idleMs,
    // Looked at by ourselves, so that what is wrong with it is on record.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy());
    follow(servePlain(door, plain, request, response), response.socket ?? undefined);
  });
  server.on('connect', (request, socket, head) => {
    if (!(socket instanceof Socket)) return void socket.destroy();
    follow(serveTunnel(door, tunnels, request, socket, head), socket);
  });
  server.on('clientError', (error, socket) => {
    follow(malformed(door, refusalOf(error), socket), socket);
  });
  return server;
}

/** A request that never became one. Too many of them are counted like other requests above the rate. */
async function malformed(door: Door, refusal: EgressRefusal | undefined, socket: Duplex): Promise<void> {
  if (!refusal) return void socket.destroy();
  door.hungUpOn.add(socket);
  door.count('refused');
  const { rates } = door.services;
  const key = `egress:${door.order.invocation.kind}/${door.order.invocation.id}`;
  const taken = rates.take(key, door.limits.rate);
  await (taken.ok
    ? door.log.write({ kind: 'http.refused', refusal })
    : door.log.tooMany({ rule: 'http-rate', message: taken.error.message }));
  writeRefused(socket, refusal);
}

/** Undefined for a connection that broke off: nothing was asked. */
function refusalOf(error: Error): EgressRefusal | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { rule: 'headers-too-large', message: 'The head of the request is too long.' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { rule: 'request-too-slow', message: 'The request did not come in time.' };
  }
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE'
    ? { rule: 'request-malformed', message: `This is not a request that has one meaning (${code}).` }
    : undefined;
}

/** Nothing of the request passes any more. That it could not be recorded is the likeliest reason. */
function defect(door: Door, thrown: unknown, socket: Duplex | undefined): void {
  door.services.onDefect(thrown);
  if (socket) writeRefused(socket, NOT_RECORDED);
}

async function listen(server: Server, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(socketPath, listening.resolve);
  await listening.promise;
  // Whoever has the folder may use the door, whatever their number inside.
  await chmod(socketPath, 0o666);
}
