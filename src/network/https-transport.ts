import { isIP } from 'node:net';
import { err, type Result } from '../core/result.ts';
import { checkAddress } from './address.ts';
import { openConnection } from './connection.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { exchange } from './exchange.ts';
import { bareHost } from './host-name.ts';
import { requestHeaders } from './request-headers.ts';
import type { Header } from './sensitive-headers.ts';
import { HTTPS_PORT } from './target.ts';
import type {
  Destination,
  IncomingResponse,
  OutgoingRequest,
  SendFailure,
  SendRule,
  Transport,
} from './transport.ts';

export interface HttpsTransportOptions {
  /** Certificates in PEM to trust instead of those that Node trusts. */
  readonly ca?: string;
  readonly port?: number;
  /** Which addresses may be connected to at all. Public ones unless a test says otherwise. */
  readonly acceptsAddress?: (address: string) => boolean;
}

/**
 * HTTP/1.1 over TLS 1.2 or later. It connects to the pinned addresses and nowhere else, by no proxy whatever the
 * environment says, and refuses what is not a public address even from a caller that forgot to check. Each request
 * has a connection of its own: an old one that died would leave open whether the request was sent.
 */
export function createHttpsTransport({
  ca,
  port = HTTPS_PORT,
  acceptsAddress = (address) => checkAddress(address).ok,
}: HttpsTransportOptions = {}): Transport {
  return {
    async send(request, to) {
      const url = URL.parse(request.url);
      if (url?.protocol !== 'https:') return refusal('request-invalid', 'Only https URLs are sent.');
      const host = bareHost(url.hostname);
      const headers = requestHeaders(request, url.hostname);
      if (!headers.ok)
        return refusal('request-invalid', `The header at position ${headers.error} is malformed.`);
      const accepted = (address: string) => isIP(address) !== 0 && acceptsAddress(address);
      if (!to.addresses.every(accepted)) {
        return refusal('address-refused', `An address given for ${host} is not public.`);
      }
      const deadline = startDeadline(to.timeoutMs, to.signal);
      const peer = { host, port, addresses: to.addresses, ca, signal: deadline.signal };
      const result = await perform({ url, request, headers: headers.value, to, peer });
      deadline.end();
      return inTime(result, deadline, host, to.timeoutMs);
    },
  };
}

interface Work {
  readonly url: URL;
  readonly request: OutgoingRequest;
  readonly headers: readonly Header[];
  readonly to: Destination;
  readonly peer: Parameters<typeof openConnection>[0];
}

async function perform({
  url,
  request,
  headers,
  to,
  peer,
}: Work): Promise<Result<IncomingResponse, SendFailure>> {
  const opened = await openConnection(peer);
  if (!opened.ok) return refusal(opened.error.rule, connectionText(peer.host, opened.error));
  const socket = opened.value;
  const stop = () => socket.destroy();
  if (peer.signal.aborted) {
    stop();
    return refusal('cancelled', '');
  }
  peer.signal.addEventListener('abort', stop, { once: true });
  const { pathname, search } = url;
  const { method, body } = request;
  const { maxResponseBytes } = to;
  const answer = await exchange(socket, { method, path: pathname + search, headers, body, maxResponseBytes });
  peer.signal.removeEventListener('abort', stop);
  if (answer.ok) return answer;
  const { rule, message } = answer.error;
  return err({ rule, message: `The answer of ${peer.host} ${message}`, requestSent: true });
}

/** Whatever breaks when time is up breaks because of that. */
function inTime(
  result: Result<IncomingResponse, SendFailure>,
  deadline: Deadline,
  host: string,
  timeoutMs: number,
): Result<IncomingResponse, SendFailure> {
  const cause = deadline.cause();
  if (result.ok || cause === undefined) return result;
  const { requestSent } = result.error;
  const message =
    cause === 'timeout'
      ? `${host} took longer than ${timeoutMs} ms.`
      : `The request to ${host} was cancelled.`;
  return err({ rule: cause, message, requestSent });
}

const connectionText = (
  host: string,
  { rule, code }: { readonly rule: string; readonly code: string },
): string =>
  rule === 'tls'
    ? `${host} could not prove who it is, or speaks no TLS known here (${code}).`
    : `${host} could not be reached (${code}).`;

const refusal = (rule: SendRule, message: string) => err({ rule, message, requestSent: false });
