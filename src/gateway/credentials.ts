import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { forgetOldest } from './attempt-limit.ts';

/** Who may come in: the holder of the token, or of a session that a one-time code was traded for. */
export interface Credentials {
  isToken(candidate: string): boolean;
  /** A code that works once, for ten minutes. */
  issueCode(): string;
  /** Trades a code for the secret of a new session; undefined where the code is unknown, used or too old. */
  redeemCode(code: string): string | undefined;
  /** The id of the session with this secret, safe to keep and log; undefined where there is none. */
  sessionOf(secret: string): string | undefined;
  endSession(sessionId: string): void;
  /** Takes in the sessions of an earlier life. */
  restore(sessions: Sessions): void;
}

/** Sessions as they are kept: the hash of each secret, and when it ends (milliseconds since the Unix epoch). */
export type Sessions = readonly (readonly [hash: string, endsAt: number])[];

/** Where sessions outlive the process, so that browsers stay logged in over a restart. */
export interface SessionStore {
  load(): Promise<Sessions>;
  /** Rejects where it cannot be done; the session is good for the life of this process then. */
  save(sessions: Sessions): Promise<void>;
}

/** How long a browser stays logged in. */
export const SESSION_SECONDS = 30 * 24 * 3600;
const CODE_MS = 10 * 60_000;
const MAX_CODES = 32;
const MAX_SESSIONS = 64;

/**
 * Only hashes of secrets are kept. Looking a session up by its hash leaks no timing that helps to guess the secret.
 *
 * @param onSessions told of the sessions whenever they have changed
 */
export function createCredentials(
  token: string,
  clock: Clock,
  onSessions: (sessions: Sessions) => void = () => {},
  secret: () => string = randomSecret,
): Credentials {
  const tokenHash = sha256(token);
  const codes = new Map<string, number>();
  const sessions = new Map<string, number>();

  const remember = (map: Map<string, number>, lifeMs: number, keep: number): string => {
    const fresh = secret();
    map.set(hexHash(fresh), clock.now() + lifeMs);
    forgetOldest(map, keep);
    return fresh;
  };

  return {
    isToken: (candidate) => timingSafeEqual(sha256(candidate), tokenHash),
    issueCode: () => remember(codes, CODE_MS, MAX_CODES),
    redeemCode(code) {
      const key = hexHash(code);
      const expiresAt = codes.get(key) ?? 0;
      codes.delete(key);
      if (expiresAt <= clock.now()) return undefined;
      const fresh = remember(sessions, SESSION_SECONDS * 1000, MAX_SESSIONS);
      onSessions([...sessions]);
      return fresh;
    },
    sessionOf(candidate) {
      const key = hexHash(candidate);
      return (sessions.get(key) ?? 0) > clock.now() ? key : undefined;
    },
    endSession(sessionId) {
      if (sessions.delete(sessionId)) onSessions([...sessions]);
    },
    restore(earlier) {
      for (const [hash, endsAt] of earlier) if (endsAt > clock.now()) sessions.set(hash, endsAt);
    },
  };
}

const randomSecret = () => randomBytes(32).toString('base64url');
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const hexHash = (text: string) => sha256(text).toString('hex');
