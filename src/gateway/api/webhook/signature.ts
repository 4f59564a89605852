import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../../../core/result.ts';

export const SIGNATURE_HEADER = 'x-ironbark-signature';
export const TIMESTAMP_HEADER = 'x-ironbark-timestamp';

export interface Signed {
  /** Of the header `x-ironbark-signature`: `sha256=` and 64 hexadecimal digits. */
  readonly signature: unknown;
  /** Of the header `x-ironbark-timestamp`: seconds since the Unix epoch. */
  readonly timestamp: unknown;
  readonly body: Buffer;
}

/** Clocks may differ by so much, and what was signed is good for so long: as Stripe has it. */
const SKEW_SECONDS = 300;

/**
 * The signature is the HMAC-SHA256 of the timestamp, a full stop and the body as it was sent. The time is a part of it,
 * so that what somebody overheard cannot be sent again later.
 *
 * @param now milliseconds since the Unix epoch
 * @returns what is wrong, as a sentence; never what would have been right
 */
export function checkSignature(signed: Signed, secret: string, now: number): Result<void, string> {
  const { signature, timestamp, body } = signed;
  if (typeof signature !== 'string') return err(`The header ${SIGNATURE_HEADER} is missing.`);
  if (typeof timestamp !== 'string') return err(`The header ${TIMESTAMP_HEADER} is missing.`);
  if (!/^\d{1,12}$/.test(timestamp))
    return err(`The header ${TIMESTAMP_HEADER} must be seconds since the Unix epoch.`);
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  if (given === undefined)
    return err(`The header ${SIGNATURE_HEADER} must be sha256= and 64 hexadecimal digits.`);
  const right = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  if (!timingSafeEqual(Buffer.from(given, 'hex'), right)) return err(WRONG);
  // Told only to whoever knows the secret.
  const isNow = Math.abs(now / 1000 - Number(timestamp)) <= SKEW_SECONDS;
  return isNow ? ok(undefined) : err('The timestamp is more than five minutes from now. Check the clocks.');
}

const WRONG =
  'The signature is wrong. It is the HMAC-SHA256, under the webhook secret, of the timestamp, a full stop and the body.';
