import { type IncomingMessage, request as startRequest } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../core/result.ts';
import { errorCode } from './error-code.ts';
import { type BodyTrouble, readBody } from './response-body.ts';
import { responseHeaders } from './response-headers.ts';
import type { Header } from './sensitive-headers.ts';
import type { IncomingResponse } from './transport.ts';

/** Answers of the kind 1xx before the real one; each costs, and a server could send them without end. */
const MAX_INTERIM = 16;

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array | undefined;
  readonly maxResponseBytes: number;
}

export type ExchangeTrouble =
  | BodyTrouble
  | { readonly rule: 'connection' | 'response-invalid'; readonly message: string };

/** Sends one request over an open connection, reads the answer, and closes the connection. */
export async function exchange(
  socket: TLSSocket,
  { maxResponseBytes, ...request }: Exchange,
): Promise<Result<IncomingResponse, ExchangeTrouble>> {
  try {
    const response = await firstResponse(socket, request);
    if (!response.ok) return response;
    const { statusCode = 0, rawHeaders } = response.value;
    const body = isBodiless(request.method, statusCode)
      ? ok(new Uint8Array())
      : await readBody(response.value, maxResponseBytes);
    return body.ok
      ? ok({ status: statusCode, headers: responseHeaders(rawHeaders), body: body.value })
      : body;
  } finally {
    socket.destroy();
  }
}

/** Their headers may speak of a body that does not follow (RFC 9110, 6.4.1). */
const isBodiless = (method: string, status: number): boolean =>
  method === 'HEAD' || status === 204 || status === 304;

function firstResponse(
  socket: TLSSocket,
  { method, path, headers, body }: Omit<Exchange, 'maxResponseBytes'>,
): Promise<Result<IncomingMessage, ExchangeTrouble>> {
  const { promise, resolve } = Promise.withResolvers<Result<IncomingMessage, ExchangeTrouble>>();
  const request = startRequest({
    createConnection: () => socket,
    method,
    path,
    headers: headers.flat(),
    setHost: false,
  });
  request.once('response', (response) => resolve(ok(response)));
  let interim = 0;
  request.on('information', () => {
    if (++interim > MAX_INTERIM)
      resolve(err({ rule: 'response-invalid', message: 'is put off again and again.' }));
  });
  request.once('upgrade', (_, upgraded) => {
    upgraded.destroy();
    resolve(err({ rule: 'response-invalid', message: 'changes the protocol.' }));
  });
  request.on('error', (error) => resolve(err(troubleOf(error))));
  request.once('close', () => resolve(err({ rule: 'connection', message: 'did not come.' })));
  request.end(body);
  return promise;
}

/** The parser of Node says `HPE_…` where an answer is not HTTP, or its headers are too long (16 KiB). */
function troubleOf(error: unknown): ExchangeTrouble {
  const code = errorCode(error);
  return code.startsWith('HPE_')
    ? { rule: 'response-invalid', message: `is not HTTP (${code}).` }
    : { rule: 'connection', message: `broke off (${code}).` };
}
