import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuditRecord } from '../../core/audit.ts';
import { ok } from '../../core/result.ts';
import {
  createHttpsTransport,
  createRateLimiter,
  type OutgoingRequest,
  parseAllowRule,
} from '../../network/index.ts';
import { type Certificate, selfSigned, startHttpsServer } from '../../network/testing/https-server.ts';
import { createLeakDetector, sealKnown } from '../../safety/index.ts';
import { Secret } from '../../secrets/index.ts';
import type { EgressDoor, EgressOrder, EgressServices } from '../egress.ts';
import { createEgress } from '../index.ts';

/** Hosts that the server of a stage answers for. Only the first two may be asked. */
export const ALLOWED = 'allowed.example';
export const OTHER_ALLOWED = 'files.wild.example';
export const FORBIDDEN = 'evil.example';

/** Public, so that it may be connected to; the stage leads whoever does to its own server. */
export const PUBLIC_ADDRESS = '93.184.216.34';

export const VAULT_SECRET = 'correct-horse-battery-staple-42';

let certificate: Certificate | undefined;

export interface Stage {
  readonly door: EgressDoor;
  readonly socketPath: string;
  readonly audit: readonly AuditRecord[];
  /** What the server was asked, as `METHOD host path body`. */
  readonly asked: readonly string[];
  readonly dialled: readonly string[];
  readonly resolved: readonly string[];
  readonly sent: readonly OutgoingRequest[];
  readonly defects: readonly unknown[];
  readonly ca: string;
  /** Sends these bytes and resolves with all that came back when the door has closed the connection. */
  talk(...pieces: readonly (string | Buffer)[]): Promise<string>;
  connect(): Socket;
}

export type StageOptions = Partial<EgressServices> & {
  readonly order?: Partial<EgressOrder>;
  readonly answer?: RequestListener;
  readonly addresses?: readonly string[];
};

/** A door in front of a real TLS server on this machine, with everything that passes written down. */
export async function openStage({ order, answer, addresses, ...given }: StageOptions = {}): Promise<Stage> {
  certificate ??= selfSigned(`DNS:${ALLOWED}`, `DNS:${OTHER_ALLOWED}`, `DNS:${FORBIDDEN}`);
  const { cert } = certificate;
  const asked: string[] = [];
  const server = await startHttpsServer(certificate, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method, url, headers } = request;
      asked.push([method, headers.host, url, Buffer.concat(pieces).toString()].join(' '));
      if (answer) answer(request, response);
      else response.end('the answer');
    });
  });
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  const socketPath = join(folder, 'egress.sock');
  const audit: AuditRecord[] = [];
  const [dialled, resolved, defects] = [[] as string[], [] as string[], [] as unknown[]];
  const sent: OutgoingRequest[] = [];
  const transport = createHttpsTransport({ ca: cert, port: server.port, acceptsAddress: () => true });
  const known = sealKnown([new Secret('vault_key', VAULT_SECRET)]);
  const clock = { now: () => 0 };
  const egress = createEgress({
    allow: () => [ALLOWED, '*.wild.example'].flatMap((host) => ruleFor(host)),
    audit: { write: async (records) => void audit.push(...records) },
    clock,
    leaks: createLeakDetector({ known: () => known }),
    knownReady: async () => {},
    rates: createRateLimiter(clock),
    resolver: async (host) => {
      resolved.push(host);
      return addresses ?? [PUBLIC_ADDRESS];
    },
    transport: {
      send: (request, to) => {
        sent.push(request);
        return transport.send(request, { ...to, addresses: ['127.0.0.1'] });
      },
    },
    dial: (address) => {
      dialled.push(address);
      return connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
    },
    seal: async (request) => ok(unsealed(request)),
    onDefect: (thrown) => defects.push(thrown),
    ...given,
  });
  const door = await egress.open({ socketPath, invocation: { kind: 'job', id: 'job-1' }, ...order });
  onTestFinished(async () => {
    await door.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = () => connect({ path: order?.socketPath ?? socketPath });
  return {
    door,
    socketPath: order?.socketPath ?? socketPath,
    audit,
    asked,
    dialled,
    resolved,
    sent,
    defects,
    ca: cert,
    connect: open,
    talk: (...pieces) => talk(open(), pieces),
  };
}

function ruleFor(host: string) {
  const rule = parseAllowRule({ host });
  return rule.ok ? [rule.value] : [];
}

const unsealed = (request: OutgoingRequest) => ({
  credentials: [],
  open: () => request,
  scrub: (text: string) => text,
  scrubBytes: async (body: Uint8Array) => body,
});

function talk(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const got: Buffer[] = [];
  socket.on('data', (piece) => got.push(Buffer.from(piece)));
  socket.on('error', () => {});
  socket.once('close', () => resolve(Buffer.concat(got).toString('latin1')));
  for (const piece of pieces) socket.write(piece);
  return promise;
}

/** A request as a client of a proxy writes it; it asks for the connection to be closed. */
export const plainRequest = (
  target: string,
  { method = 'GET', headers = [] as readonly string[], body = '' } = {},
): string =>
  [
    `${method} ${target} HTTP/1.1`,
    `Host: ${/^https?:\/\/([^/?#]*)/.exec(target)?.[1] ?? 'none'}`,
    'Connection: close',
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...headers,
    '',
    body,
  ].join('\r\n');

export const connectRequest = (authority: string, headers: readonly string[] = []): string =>
  [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, ...headers, '', ''].join('\r\n');
