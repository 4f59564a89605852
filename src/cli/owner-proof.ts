import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Running } from './context.ts';

/**
 * Who holds a home is asked over a socket that any user of this machine could open in its stead. What the answer
 * names is where the token will be sent, so the answer must come from one who knows the token already.
 */
export function proofOf({ url, pid, version }: Running, token: string, challenge: string): string {
  return createHmac('sha256', token)
    .update(JSON.stringify([challenge, url, pid, version]))
    .digest('base64url');
}

export function isProven(
  owner: Running & { readonly proof?: unknown },
  token: string,
  challenge: string,
): boolean {
  const expected = Buffer.from(proofOf(owner, token, challenge));
  const given = Buffer.from(typeof owner.proof === 'string' ? owner.proof : '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
