import { err } from '../../core/result.ts';

/** An answer other than the one asked for. */
export interface ApiFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly retryAfterSeconds?: number;
}

const fail = (status: number, code: string, message: string) => err<ApiFailure>({ status, code, message });

/** 404. */
export const notFound = (message: string) => fail(404, 'not-found', message);
/** 409: what was asked came too late, or somebody else was faster. The message says who, what and when. */
export const stale = (message: string) => fail(409, 'stale', message);
/** 409: it cannot be done as things stand. */
export const conflict = (message: string) => fail(409, 'conflict', message);
/** 413. */
export const tooLarge = (message: string) => fail(413, 'too-large', message);
/** 501: this program does not do that; the message says what does. */
export const notSupported = (message: string) => fail(501, 'not-supported', message);

/** 400, naming what was wrong where a schema alone could not tell. */
export const invalid = (field: string, reason: string) =>
  err<ApiFailure>({ status: 400, code: 'invalid', message: `${field}: ${reason}`, field });

/** 429. */
export const tooMany = (message: string, retryAfterSeconds: number) =>
  err<ApiFailure>({ status: 429, code: 'too-many-requests', message, retryAfterSeconds });
