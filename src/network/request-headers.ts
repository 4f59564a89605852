import { validateHeaderName, validateHeaderValue } from 'node:http';
import { err, ok, type Result } from '../core/result.ts';
import type { Header } from './sensitive-headers.ts';
import type { OutgoingRequest } from './transport.ts';

/**
 * What only the sender of a request may say: which host, how long, over what kind of connection. A caller's own
 * words would send a request to another site behind the same address, or smuggle a second one behind the first.
 */
const OURS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Some services refuse requests without it. */
const USER_AGENT = 'Ironbark';

/**
 * The headers as they are sent: the caller's without those that are ours to set, which are left out silently, and
 * `Proxy-*`. The error is the position of a malformed one, for its text must not be repeated.
 */
export function requestHeaders(
  { headers, body, method }: OutgoingRequest,
  host: string,
): Result<readonly Header[], number> {
  const broken = headers.findIndex((header) => !isWellFormed(header));
  if (broken >= 0) return err(broken);
  const kept = headers.filter(([name]) => !isSenderHeader(name));
  const named = kept.some(([name]) => name.toLowerCase() === 'user-agent');
  return ok([
    ['Host', host],
    ...kept,
    ...(named ? [] : [['User-Agent', USER_AGENT] as const]),
    // Not an order but a request: what comes compressed nevertheless is unpacked.
    ['Accept-Encoding', 'identity'],
    ...lengthOf(body, method),
    ['Connection', 'close'],
  ]);
}

/** Whether only the sender may set this header. */
export function isSenderHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return OURS.has(lower) || lower.startsWith('proxy-');
}

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** RFC 9110, 8.6: methods that are expected to have a body say so when it is empty. */
function lengthOf(body: Uint8Array | undefined, method: string): readonly Header[] {
  if (body === undefined && BODILESS.has(method)) return [];
  return [['Content-Length', String(body?.length ?? 0)]];
}

function isWellFormed([name, value]: Header): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
