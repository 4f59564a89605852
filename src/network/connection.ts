import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../core/result.ts';
import { errorCode } from './error-code.ts';

export interface ConnectionOptions {
  /** The name to show (SNI) and to find in the certificate. */
  readonly host: string;
  readonly port: number;
  /** IP addresses only: a name would be resolved again. */
  readonly addresses: readonly string[];
  /** Certificates in PEM to trust instead of those that Node trusts. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

export interface ConnectionFailure {
  readonly rule: 'connection' | 'tls';
  /** Of Node or OpenSSL, for example `ECONNREFUSED`. */
  readonly code: string;
}

/** An address that does not answer must not use up the time of those behind it; TCP's first repetition is at 1 s. */
const ATTEMPT_MS = 3_000;

/**
 * An encrypted connection whose certificate is that of `host`, to the first address that gives one. A wrong
 * certificate ends the search: it is no accident that another address would make good.
 */
export async function openConnection(
  options: ConnectionOptions,
): Promise<Result<TLSSocket, ConnectionFailure>> {
  let failure: ConnectionFailure = { rule: 'connection', code: 'no address' };
  for (const [index, address] of options.addresses.entries()) {
    if (options.signal.aborted) break;
    const isLast = index === options.addresses.length - 1;
    const attempt = await openTo(address, options, isLast ? undefined : ATTEMPT_MS);
    if (attempt.ok || attempt.error.rule === 'tls') return attempt;
    failure = attempt.error;
  }
  return err(failure);
}

function openTo(
  address: string,
  options: ConnectionOptions,
  limitMs: number | undefined,
): Promise<Result<TLSSocket, ConnectionFailure>> {
  const { promise, resolve } = Promise.withResolvers<Result<TLSSocket, ConnectionFailure>>();
  const socket = startTls(address, options);
  let reached = false;
  const giveUp = () => socket.destroy();
  const timer = limitMs === undefined ? undefined : setTimeout(giveUp, limitMs);
  options.signal.addEventListener('abort', giveUp, { once: true });
  const settle = (result: Result<TLSSocket, ConnectionFailure>) => {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', giveUp);
    resolve(result);
  };
  socket.once('connect', () => {
    reached = true;
  });
  socket.once('secureConnect', () => settle(ok(socket)));
  // Stays for the life of the socket, which may fail at any time: an error nobody hears ends the process.
  socket.on('error', (error) => settle(err(failureOf(error, reached))));
  socket.once('close', () => settle(err({ rule: 'connection', code: 'no answer' })));
  return promise;
}

function startTls(address: string, { host, port, ca }: ConnectionOptions): TLSSocket {
  return connect({
    host: address,
    port,
    // RFC 6066 has no addresses in SNI.
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    // Said outright, because an environment variable turns the default off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ...(ca === undefined ? {} : { ca }),
  });
}

/** What a network does to a handshake, as opposed to what the other side says in it. */
const INTERRUPTIONS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function failureOf(error: unknown, reached: boolean): ConnectionFailure {
  const code = errorCode(error);
  return { rule: reached && !INTERRUPTIONS.has(code) ? 'tls' : 'connection', code };
}
