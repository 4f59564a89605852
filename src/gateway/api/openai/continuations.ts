import { createHash } from 'node:crypto';
import { forgetOldest } from '../../attempt-limit.ts';
import type { Asked, Said } from './asked.ts';

/**
 * Which conversation goes on from which talk. Programs that name no conversation send all of the talk with each
 * message; by what they send before it the conversation is found that ended just so. It lives as long as the process:
 * after that, such talk is told to a new conversation.
 */
export interface Continuations {
  /** The conversation that ended with this talk, for one message: another one from here is another branch. */
  take(earlier: readonly Said[]): string | undefined;
  /** The talk ends with this answer now. */
  keep(asked: Asked, answer: string, conversationId: string): void;
}

/** 200 bytes each. */
const MOST = 2_000;

export function createContinuations(): Continuations {
  const ends = new Map<string, string>();
  return {
    take(earlier) {
      const end = fingerprint(earlier);
      const found = ends.get(end);
      ends.delete(end);
      return found;
    },
    keep({ earlier, text }, answer, conversationId) {
      const talk = [...earlier, { role: 'user', text }, { role: 'assistant', text: answer }];
      ends.set(fingerprint(talk), conversationId);
      forgetOldest(ends, MOST);
    },
  };
}

/** Programs trim what they show, and send several messages in a row where one was answered. */
function fingerprint(talk: readonly Said[]): string {
  const hash = createHash('sha256');
  let last: string | undefined;
  for (const { role, text } of talk) {
    hash.update(role === last ? '\n\n' : `\0${role}\0`).update(text.trim());
    last = role;
  }
  return hash.digest('base64url');
}
