import { createHash } from 'node:crypto';
import type { ProviderSettings } from '../settings.ts';

/**
 * The id of a call as this provider accepts it. A conversation may have begun with another provider, whose ids it
 * would refuse; those are replaced by nine letters and digits that follow from the id, so that a call and its result
 * still go together and the prompt stays the same from request to request.
 */
export function sentCallId(callId: string, { provider, protocol }: ProviderSettings): string {
  const accepted = provider === 'mistral' ? MISTRAL : protocol === 'anthropic-messages' ? ANTHROPIC : OTHERS;
  if (accepted.test(callId)) return callId;
  const number = createHash('sha256').update(callId).digest().readUIntBE(0, 6) % 36 ** 9;
  return number.toString(36).padStart(9, '0');
}

/** Each as its server's error message gives it. */
const MISTRAL = /^[a-zA-Z0-9]{9}$/;
const ANTHROPIC = /^[a-zA-Z0-9_-]{1,64}$/;
const OTHERS = /^[\s\S]{1,64}$/;
