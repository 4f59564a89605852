import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { coerceError } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { GatewayLog } from './log.ts';

/** Tokens that a person makes for programs, beside the gateway's own: named, perhaps for a time, each taken back alone. */
export interface ApiTokens {
  /** The id of the token, where it is one that counts now. Notes that it was used. */
  find(candidate: string): string | undefined;
  list(): readonly ApiToken[];
  /** `secret` is shown this once; only its hash is kept. Undefined where there are too many already. */
  create(
    name: string,
    lifeMs: number | null,
  ): Promise<{ readonly token: ApiToken; readonly secret: string } | undefined>;
  /** From now on it is nobody's. False where there is none. */
  revoke(id: string): Promise<boolean>;
  /** Takes in what is kept. */
  load(): Promise<void>;
}

/** Times are milliseconds since the Unix epoch. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  /** SHA-256, in hexadecimal digits. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Where tokens outlive the process. */
export interface ApiTokenStore {
  load(): Promise<readonly ApiToken[]>;
  add(token: ApiToken): Promise<void>;
  remove(token: ApiToken): Promise<void>;
  noteUse(id: string, at: number): Promise<void>;
}

export interface ApiTokensOptions {
  readonly store: ApiTokenStore | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: GatewayLog;
}

const MOST_TOKENS = 200;
/** So long a use is not written down again: a program may ask thousands of times a second. */
const NOTE_EVERY_MS = 60_000;
/** Tells people, and those who search for leaked secrets, what it is. */
const PREFIX = 'ibk_';
const SHOWN = PREFIX.length + 4;

/** All are in memory, so that a look-up costs one hash, and one that is taken back counts for nothing at once. */
export function createApiTokens({ store, clock, ids, log }: ApiTokensOptions): ApiTokens {
  const byHash = new Map<string, ApiToken>();
  const notedAt = new Map<string, number>();

  function noteUse(token: ApiToken, now: number): void {
    byHash.set(token.hash, { ...token, lastUsedAt: now });
    if (now - (notedAt.get(token.id) ?? 0) < NOTE_EVERY_MS) return;
    notedAt.set(token.id, now);
    store
      ?.noteUse(token.id, now)
      .catch((thrown: unknown) => log.warn({ err: coerceError(thrown) }, 'the use of a token was not noted'));
  }

  return {
    find(candidate) {
      // Looked up by its hash, which leaks no timing that helps to guess the token.
      const token = candidate.startsWith(PREFIX) ? byHash.get(hashOf(candidate)) : undefined;
      const now = clock.now();
      if (token === undefined || (token.expiresAt ?? Number.POSITIVE_INFINITY) <= now) return undefined;
      noteUse(token, now);
      return token.id;
    },
    list: () => [...byHash.values()],
    async create(name, lifeMs) {
      if (byHash.size >= MOST_TOKENS) return undefined;
      const secret = PREFIX + randomBytes(32).toString('base64url');
      const now = clock.now();
      const token: ApiToken = {
        id: ids.next(),
        name,
        prefix: secret.slice(0, SHOWN),
        hash: hashOf(secret),
        createdAt: now,
        expiresAt: lifeMs === null ? null : now + lifeMs,
        lastUsedAt: null,
      };
      await store?.add(token);
      byHash.set(token.hash, token);
      return { token, secret };
    },
    async revoke(id) {
      const token = [...byHash.values()].find((one) => one.id === id);
      if (token === undefined) return false;
      byHash.delete(token.hash);
      await store?.remove(token);
      return true;
    },
    async load() {
      for (const token of (await store?.load()) ?? []) byHash.set(token.hash, token);
    },
  };
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
