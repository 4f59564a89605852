import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EgressRefusal } from './refuse.ts';

/** Statuses of refusals that have a better one than 403. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['http-rate', 429],
  ['request-too-large', 413],
  ['headers-too-large', 431],
  ['request-too-slow', 408],
  ['request-malformed', 400],
  ['not-a-proxy-request', 400],
  ['url-invalid', 400],
  ['host-mismatch', 400],
  ['name-not-found', 502],
  ['resolution-failed', 502],
  ['connection', 502],
  ['not-recorded', 503],
]);

const PHRASES: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [408, 'Request Timeout'],
  [413, 'Content Too Large'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
]);

/** What a client inside reads: the rule in a header, the reason as text. */
export function refusalAnswer({ rule, message }: EgressRefusal, otherwise = 403) {
  const status = STATUSES.get(rule) ?? otherwise;
  const body = Buffer.from(`${message} [${rule}]\n`);
  const headers: OutgoingHttpHeaders = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(body.length),
    'X-Ironbark-Rule': rule,
    Connection: 'close',
  };
  return { status, headers, body };
}

export function answerRefused(response: ServerResponse, refusal: EgressRefusal, otherwise = 403): void {
  const { status, headers, body } = refusalAnswer(refusal, otherwise);
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, headers).end(body);
}

/** The same where there is no response to write to: before a tunnel, and after what was no request. */
export function writeRefused(socket: Duplex, refusal: EgressRefusal): void {
  if (!socket.writable) return void socket.destroy();
  const { status, headers, body } = refusalAnswer(refusal);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${PHRASES.get(status) ?? 'Forbidden'}\r\n${lines.join('')}\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]), () => socket.destroy());
}

/** What a TLS client understands: `access_denied` (RFC 8446, 6.2), fatal. */
export const TLS_DENIED = Buffer.from([0x15, 3, 1, 0, 2, 2, 49]);
