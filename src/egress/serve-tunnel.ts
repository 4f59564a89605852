import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Target } from '../network/index.ts';
import { TLS_DENIED, writeRefused } from './answer.ts';
import { tunnelDestination } from './destination.ts';
import type { Door } from './door.ts';
import type { EgressRefusal } from './refuse.ts';
import { pass, reachServer, readHello } from './tunnel.ts';
import type { Turnstile } from './turnstile.ts';

/** Answers a `CONNECT`. That a tunnel opens is on record before anything passes, and how it ended after. */
export async function serveTunnel(
  door: Door,
  turnstile: Turnstile,
  request: IncomingMessage,
  client: Socket,
  head: Buffer,
): Promise<void> {
  client.on('error', () => client.destroy());
  const entered = turnstile.enter();
  if (!entered.ok) {
    door.count('refused');
    await door.log.tooMany(entered.error);
    return writeRefused(client, entered.error);
  }
  try {
    await door.services.knownReady();
    await admit(door, request, client, head);
  } finally {
    entered.value();
  }
}

async function admit(door: Door, request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
  const named = { method: 'CONNECT', target: request.url ?? '', rawHeaders: request.rawHeaders };
  const target = tunnelDestination(named, door.services.allow());
  if (!target.ok) {
    await refused(door, undefined, target.error);
    return writeRefused(client, target.error);
  }
  const left = new AbortController();
  client.once('close', () => left.abort());
  const signal = AbortSignal.any([door.signal, left.signal]);
  const server = await reachServer(door, target.value, signal);
  if (!server.ok) {
    await (server.error.rule === 'connection' ? failed : refused)(door, target.value, server.error);
    return writeRefused(client, server.error);
  }
  try {
    await converse(door, target.value, client, server.value, head);
  } finally {
    server.value.destroy();
    client.destroy();
  }
}

async function converse(
  door: Door,
  target: Target,
  client: Socket,
  server: Socket,
  head: Buffer,
): Promise<void> {
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  const hello = await readHello(client, head, target, door.limits.headMs);
  if (!hello.ok) {
    await refused(door, target, hello.error);
    return said(client, TLS_DENIED);
  }
  const line = { method: 'CONNECT', host: target.host };
  await door.log.write({ kind: 'http.opened', ...line, message: `A tunnel to ${target.host} was opened.` });
  const { up, down, cut } = await pass(door, client, server, hello.value, door.signal);
  door.count(cut ? 'failed' : 'answered');
  await door.log.write({
    kind: cut ? 'http.failed' : 'http.answered',
    ...line,
    refusal: cut,
    message: `CONNECT ${target.host}: ${up} bytes up, ${down} down.`,
    detail: { upBytes: up, downBytes: down },
  });
}

/** Resolves when the last words have gone out, or nobody is there to hear them. */
function said(client: Socket, words: Buffer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.once('close', () => resolve());
  client.end(words, () => resolve());
  return promise;
}

async function refused(door: Door, target: Target | undefined, refusal: EgressRefusal): Promise<void> {
  door.count('refused');
  await door.log.write({ kind: 'http.refused', method: 'CONNECT', host: target?.host, refusal });
}

async function failed(door: Door, target: Target | undefined, refusal: EgressRefusal): Promise<void> {
  door.count('failed');
  await door.log.write({ kind: 'http.failed', method: 'CONNECT', host: target?.host, refusal });
}
