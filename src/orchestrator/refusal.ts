import type { Failure } from '../core/api/failure.ts';

/** A request that is not served, with the status of its answer. */
export interface Refusal {
  readonly status: 400 | 401 | 404 | 405 | 408 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly code: string;
  readonly message: string;
  /** The part of the request that was wrong. */
  readonly field?: string;
  readonly retryAfterMs?: number;
}

export const bodyOf = ({ code, message, field }: Refusal): Failure => ({
  error: { code, message, ...(field !== undefined && { field }) },
});
