import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OPENSSL = 'openssl';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A key and a certificate that signs itself for the names, valid for a day. Needs OpenSSL's command. */
export function selfSigned(...names: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=test', '-addext', `subjectAltName=${names.join(',')}`];
  try {
    execFileSync(
      OPENSSL,
      ['req', '-x509', ...curve, ...subject, '-days', '1', '-keyout', key, '-out', cert],
      {
        stdio: 'ignore',
      },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface HttpsServer {
  readonly server: Server;
  readonly port: number;
  close(): void;
}

/** An https server on this machine that answers as told. */
export async function startHttpsServer(
  certificate: Certificate,
  answer: RequestListener,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<HttpsServer> {
  const server = createServer({ ...certificate }, answer);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(port, host, listening.resolve);
  await listening.promise;
  return {
    server,
    port: portOf(server.address()),
    close: () => void server.close().closeAllConnections(),
  };
}

export const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;
