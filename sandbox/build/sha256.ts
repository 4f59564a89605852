import { webcrypto } from 'node:crypto';

/** Hexadecimal. Computed on a thread of the pool: 50 MiB would hold the event loop for too long. */
export const sha256 = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
