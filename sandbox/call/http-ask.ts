import type { GuestValue } from '../pool/index.ts';

/** What a guest wants sent, as it said it. */
export interface HttpAsk {
  readonly method: string;
  readonly url: string;
  readonly headersJson: string;
  readonly body: Uint8Array | undefined;
  readonly timeoutMs: number | undefined;
}

/** Reads the arguments of `http-request`; what is not of its type counts as not given. */
export function readHttpAsk([method, url, headersJson, body, timeoutMs]: readonly GuestValue[]): HttpAsk {
  return {
    method: textOf(method),
    url: textOf(url),
    headersJson: textOf(headersJson),
    body: body instanceof Uint8Array ? body : undefined,
    timeoutMs: typeof timeoutMs === 'number' && timeoutMs > 0 ? timeoutMs : undefined,
  };
}

const textOf = (value: GuestValue): string => (typeof value === 'string' ? value : '');
