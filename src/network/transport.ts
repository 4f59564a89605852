import type { Result } from '../core/result.ts';
import type { Header } from './sensitive-headers.ts';

export interface OutgoingRequest {
  readonly method: string;
  /** https, as `parseTarget` spells it; credentials may have been put in since. */
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array | undefined;
}

export interface IncomingResponse {
  readonly status: number;
  /** Names in lower case, in the order of arrival; without those that concern the connection or the encoding. */
  readonly headers: readonly Header[];
  /** Decompressed. */
  readonly body: Uint8Array;
}

export type SendRule =
  | 'request-invalid'
  | 'address-refused'
  | 'connection'
  | 'tls'
  | 'timeout'
  | 'cancelled'
  | 'too-large'
  | 'encoding'
  | 'response-invalid';

export interface SendFailure {
  readonly rule: SendRule;
  /** Names the host at most: neither path, query nor headers. */
  readonly message: string;
  /** False: the server saw nothing of the request. True: it may have acted on it. */
  readonly requestSent: boolean;
}

export interface Destination {
  /** From `resolvePublic`, tried in this order until one takes the connection. */
  readonly addresses: readonly string[];
  /** Of the body, after decompression; a compressed one may not be larger either. */
  readonly maxResponseBytes: number;
  /** For everything from the first connection to the last byte. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one request to pinned addresses. Follows no redirects. Always resolves. */
export interface Transport {
  send(request: OutgoingRequest, to: Destination): Promise<Result<IncomingResponse, SendFailure>>;
}
