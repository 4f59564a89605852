import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes, in hexadecimal digits: whoever has it speaks for one job. */
export const createToken = (): string => randomBytes(32).toString('hex');

/** What is kept of a token. Nobody finds the token by it. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Where there is no hash, nothing fits; that takes as long as where there is one. */
export function fitsToken(token: string, hash: Uint8Array | null): boolean {
  const fits = timingSafeEqual(hashToken(token), hash?.length === HASH_BYTES ? hash : NOTHING);
  return fits && hash !== null;
}

const HASH_BYTES = 32;
const NOTHING = Buffer.alloc(HASH_BYTES);
