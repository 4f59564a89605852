import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../core/result.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { Credentials } from './credentials.ts';
import { type BoundAddress, isOwnHost, isOwnOrigin } from './own-address.ts';

/** Decides about a request before anything else looks at it. The same door stands before HTTP and WebSocket. */
export interface Admission {
  /** Refuses requests made under a foreign name, or by a foreign page. */
  checkAddress(request: IncomingMessage): Refusal | undefined;
  /** The bearer of the gateway's token, or of one made for a program. Browsers never are. */
  checkToken(request: IncomingMessage): Result<Identity, Refusal>;
  /** The bearer of the token or of a session cookie. */
  identify(request: IncomingMessage): Result<Identity, Refusal>;
  /** Trades the code of a login link for a session secret. */
  redeem(request: IncomingMessage, code: string): Result<string, Refusal>;
  /** The name of the session cookie. Cookies know no ports, so that it must: two gateways share a host. */
  cookieName(): string;
}

/** `sessionId` is null for the bearer of a token. */
export interface Identity {
  readonly sessionId: string | null;
  /** The bearer of a token that was made for a program. It lets nobody else in. */
  readonly apiTokenId?: string;
}

export interface Refusal {
  readonly status: 401 | 403 | 429;
  readonly code: 'unauthorized' | 'forbidden' | 'too-many-attempts';
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

export interface AdmissionOptions {
  readonly credentials: Credentials;
  readonly apiTokens: ApiTokens;
  readonly attempts: AttemptLimit;
  readonly bound: () => BoundAddress;
}

export function createAdmission({ credentials, apiTokens, attempts, bound }: AdmissionOptions): Admission {
  const cookieName = () => `ironbark_session_${bound().port}`;

  /** Looks at a secret only while this source has not failed too often. */
  const attempt = <T>(request: IncomingMessage, check: () => T | undefined, refusal: Refusal) => {
    const source = request.socket.remoteAddress ?? '';
    const wait = attempts.waitSeconds(source);
    if (wait > 0) return err(tooManyAttempts(wait));
    const value = check();
    if (value !== undefined) return ok(value);
    attempts.failed(source);
    return err(refusal);
  };

  const bearerOf = (token: string): Identity | undefined => {
    const apiTokenId = apiTokens.find(token);
    if (apiTokenId !== undefined) return { sessionId: null, apiTokenId };
    return credentials.isToken(token) ? { sessionId: null } : undefined;
  };

  const checkToken = (request: IncomingMessage): Result<Identity, Refusal> => {
    const token = bearerToken(request);
    if (token === undefined) return err(NOT_LOGGED_IN);
    return attempt(request, () => bearerOf(token), WRONG_TOKEN);
  };

  return {
    cookieName,
    checkToken,
    checkAddress({ headers, socket }) {
      if (!isOwnHost(headers.host, bound(), socket.localAddress ?? '')) return FOREIGN_HOST;
      return isOwnOrigin(headers.origin, headers.host) ? undefined : FOREIGN_ORIGIN;
    },
    identify(request) {
      if (request.headers.authorization !== undefined) return checkToken(request);
      const secret = readCookie(request.headers.cookie, cookieName());
      const sessionId = secret === undefined ? undefined : credentials.sessionOf(secret);
      // A session that ended with the last process is no attack: it is not counted as a failed login.
      return sessionId === undefined ? err(NOT_LOGGED_IN) : ok({ sessionId });
    },
    redeem: (request, code) => attempt(request, () => credentials.redeemCode(code), STALE_LINK),
  };
}

function bearerToken({ headers }: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const cookie = (header ?? '').split(/; */).find((pair) => pair.startsWith(`${name}=`));
  return cookie?.slice(name.length + 1);
}

const NOT_LOGGED_IN: Refusal = {
  status: 401,
  code: 'unauthorized',
  message: 'Not logged in. Run `ironbark status` and open the link it prints.',
};
const WRONG_TOKEN: Refusal = {
  status: 401,
  code: 'unauthorized',
  message:
    'The token is not one of this assistant, or was taken back or has expired. Its own is in the file `gateway-token` of its home folder.',
};
const STALE_LINK: Refusal = {
  status: 401,
  code: 'unauthorized',
  message: 'This login link was used before or is too old. Run `ironbark status` for a fresh one.',
};
const FOREIGN_HOST: Refusal = {
  status: 403,
  code: 'forbidden',
  message: 'This assistant does not answer under that name. Use the address it printed when it started.',
};
const FOREIGN_ORIGIN: Refusal = {
  status: 403,
  code: 'forbidden',
  message: 'Another web page may not talk to this assistant.',
};

const tooManyAttempts = (retryAfterSeconds: number): Refusal => ({
  status: 429,
  code: 'too-many-attempts',
  message: `Too many failed logins. Try again in ${retryAfterSeconds} seconds.`,
  retryAfterSeconds,
});
