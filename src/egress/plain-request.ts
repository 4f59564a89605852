import type { IncomingMessage } from 'node:http';
import { ok, type Result } from '../core/result.ts';
import {
  type Header,
  type IncomingResponse,
  isSenderHeader,
  resolvePublic,
  type Target,
  withoutSensitiveHeaders,
} from '../network/index.ts';
import { plainDestination } from './destination.ts';
import type { Door } from './door.ts';
import type { Sealed } from './egress.ts';
import { checkLeaks, withoutLeaks } from './leaks.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/** How a plain request ended. `target` is there as soon as it was allowed. */
export interface PlainEnd {
  readonly outcome: 'answered' | 'refused' | 'failed';
  readonly target?: Target | undefined;
  /** It was looked through, and its path holds no secret. */
  readonly isScanned: boolean;
  readonly refusal?: EgressRefusal | undefined;
  readonly response?: IncomingResponse | undefined;
  readonly credentials?: readonly string[] | undefined;
}

/**
 * Carries out one plain request, under the rules of tools from outside and in their order: may the host be asked, is
 * there a secret in it, credentials put in, every address public and pinned, and the answer looked through on its way
 * back. It leaves as https. Redirects are the client's to follow, through the same door.
 */
export async function carryOut(door: Door, request: IncomingMessage, signal: AbortSignal): Promise<PlainEnd> {
  const { services, order } = door;
  const named = { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders };
  const target = plainDestination(named, services.allow());
  if (!target.ok) return refused(target.error);
  const body = await bodyOf(request, door.limits.requestBytes);
  if (!body.ok) return refused(body.error, target.value);
  const headers = headersOf(request.rawHeaders);
  const whole = [target.value.url, ...headers.map((header) => header.join(': '))].join('\n');
  const scanned = await checkLeaks(services.leaks, whole, body.value ?? '');
  if (!scanned.ok) return refused(scanned.error, target.value);
  if (!door.allowance.takeUp(whole.length + (body.value?.length ?? 0))) return refused(UPLOAD, target.value);
  const outgoing = { method: target.value.method, url: target.value.url, headers, body: body.value };
  const sealed = await services.seal(outgoing, order.credentials ?? []);
  if (!sealed.ok) return refused(sealed.error, target.value, true);
  return send(door, target.value, sealed.value, signal);
}

async function send(door: Door, target: Target, sealed: Sealed, signal: AbortSignal): Promise<PlainEnd> {
  const { services, limits } = door;
  const known = { target, isScanned: true, credentials: sealed.credentials };
  const addresses = await resolvePublic(target.host, services.resolver, signal);
  if (!addresses.ok) return { ...known, outcome: 'refused', refusal: addresses.error };
  const response = await services.transport.send(sealed.open(), {
    addresses: addresses.value,
    maxResponseBytes: limits.responseBytes,
    timeoutMs: limits.responseMs,
    signal,
  });
  if (!response.ok) {
    const { rule, message } = response.error;
    return { ...known, outcome: 'failed', refusal: { rule, message: sealed.scrub(message) } };
  }
  const clean = await cleaned(door, response.value, sealed);
  return door.allowance.takeDown(clean.body.length)
    ? { ...known, outcome: 'answered', response: clean }
    : { ...known, outcome: 'refused', refusal: DOWNLOAD };
}

async function cleaned(door: Door, response: IncomingResponse, sealed: Sealed): Promise<IncomingResponse> {
  const { leaks } = door.services;
  const headers: Header[] = [];
  for (const [name, value] of withoutSensitiveHeaders(response.headers)) {
    const text = sealed.scrub(value);
    headers.push([name, leaks.redact(text, await leaks.scanLong(text))]);
  }
  const body = await withoutLeaks(leaks, await sealed.scrubBytes(response.body));
  return { status: response.status, headers, body };
}

/** What of the client's headers goes on: not those of its connection to us, nor what only the sender may say. */
function headersOf(raw: readonly string[]): readonly Header[] {
  const all: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) all.push([raw[at] ?? '', raw[at + 1] ?? '']);
  const hops = new Set(
    all
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase())),
  );
  return all.filter(([name]) => !isSenderHeader(name) && !hops.has(name.toLowerCase()));
}

async function bodyOf(
  request: IncomingMessage,
  limit: number,
): Promise<Result<Uint8Array | undefined, EgressRefusal>> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    return ok(undefined);
  if (headers['content-encoding'] !== undefined) {
    return refuse('encoding', 'A packed body cannot be looked through: send it as it is, or over https.');
  }
  if (Number(headers['content-length'] ?? 0) > limit) return tooLarge(limit);
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    // The answer still has to get through.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      if (!(piece instanceof Uint8Array)) continue;
      length += piece.length;
      if (length > limit) return tooLarge(limit);
      pieces.push(piece);
      if (pieces.length > HARMLESS_PIECES + length / FEWEST_BYTES_A_PIECE) return IN_CRUMBS;
    }
  } catch {
    return CUT_OFF;
  }
  return ok(Buffer.concat(pieces));
}

/** Each piece of a chunked body costs about 1.4 µs, however small it is. */
const HARMLESS_PIECES = 2_000;
const FEWEST_BYTES_A_PIECE = 16;

const IN_CRUMBS = refuse('request-malformed', 'The body comes in pieces of a few bytes.');

const CUT_OFF = refuse('request-malformed', 'The body was cut off.');

const tooLarge = (limit: number) =>
  refuse('request-too-large', `A plain request may have ${limit} bytes; more can go over https.`);

const refused = (refusal: EgressRefusal, target?: Target, isScanned = false): PlainEnd => ({
  outcome: 'refused',
  refusal,
  target,
  isScanned,
});

export const UPLOAD: EgressRefusal = {
  rule: 'upload-limit',
  message: 'This container has sent as much as it may; the owner can raise sandbox.upload_limit_mb.',
};

export const DOWNLOAD: EgressRefusal = {
  rule: 'download-limit',
  message: 'This container has been sent as much as it may be.',
};
