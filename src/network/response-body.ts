import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '../core/result.ts';
import { createBytes } from './bytes.ts';
import { watchCrumbs } from './crumbs.ts';
import { errorCode } from './error-code.ts';

export interface BodyTrouble {
  readonly rule: 'too-large' | 'encoding' | 'connection' | 'response-invalid';
  /** Completes "The answer of <host> …". */
  readonly message: string;
}

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
]);

/**
 * Reads and unpacks a body, at most `limit` bytes of it before and after unpacking. Several encodings, one over the
 * other, are refused. Where it fails, the rest is left unread: the caller closes the connection.
 */
export async function readBody(
  response: IncomingMessage,
  limit: number,
): Promise<Result<Uint8Array, BodyTrouble>> {
  if (Number(response.headers['content-length'] ?? 0) > limit) return err(tooLarge(limit));
  const source = unpacked(response);
  return source.ok ? collect(response, source.value, limit) : source;
}

function unpacked(response: IncomingMessage): Result<Readable, BodyTrouble> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return ok(response);
  const decoder = DECODERS.get(encoding)?.();
  if (!decoder) return err({ rule: 'encoding', message: 'is packed in a way that is not known here.' });
  // Who reads the decoder hears of the errors of both.
  pipeline(response, decoder, () => {});
  return ok(decoder);
}

function collect(
  response: IncomingMessage,
  source: Readable,
  limit: number,
): Promise<Result<Uint8Array, BodyTrouble>> {
  const { promise, resolve } = Promise.withResolvers<Result<Uint8Array, BodyTrouble>>();
  const bytes = createBytes(limit);
  const fail = (error: unknown) => resolve(err(troubleOf(error)));
  watchCrumbs(response, () => resolve(err(IN_CRUMBS)));
  source.on('data', (chunk: Uint8Array) => {
    if (!bytes.add(chunk)) resolve(err(tooLarge(limit)));
  });
  source.once('end', () => resolve(ok(bytes.take())));
  source.on('error', fail);
  source.once('close', fail);
  return promise;
}

const IN_CRUMBS: BodyTrouble = {
  rule: 'response-invalid',
  message: 'comes in pieces of a few bytes, which cost more than they bring.',
};

const tooLarge = (limit: number): BodyTrouble => ({
  rule: 'too-large',
  message: `is larger than ${limit} bytes.`,
});

function troubleOf(error: unknown): BodyTrouble {
  const code = errorCode(error);
  return /^(?:Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_.*PADDING)/.test(code)
    ? { rule: 'encoding', message: 'cannot be unpacked.' }
    : { rule: 'connection', message: `broke off (${code}).` };
}
