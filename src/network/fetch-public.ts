import { err, ok, type Result } from '../core/result.ts';
import type { AddressRule } from './address.ts';
import { type AllowRule, matchAllowlist } from './allowlist.ts';
import { startDeadline } from './deadline.ts';
import type { UrlRule } from './refusal.ts';
import { type DnsRule, type Resolver, resolvePublic } from './resolve.ts';
import { isSensitiveHeader } from './sensitive-headers.ts';
import { parseTarget, type Target } from './target.ts';
import type { IncomingResponse, OutgoingRequest, SendRule, Transport } from './transport.ts';

export interface FetchOptions {
  readonly transport: Transport;
  readonly resolver: Resolver;
  /** What may be asked, each hop of a redirection included. Without it every public host. */
  readonly rules?: readonly AllowRule[];
  /** The request carries a secret where no header shows it, for example in the query. */
  readonly credentialed?: boolean;
  readonly maxResponseBytes: number;
  /** For all hops together, names resolved included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface PublicResponse extends IncomingResponse {
  /** Where the answer came from in the end. */
  readonly url: string;
}

export interface FetchFailure {
  readonly rule: UrlRule | AddressRule | DnsRule | SendRule | 'redirect-refused' | 'too-many-redirects';
  readonly message: string;
  /** True where any server saw a request. */
  readonly requestSent: boolean;
}

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks a public https server on behalf of a trusted caller. Follows up to three redirects, each checked like the
 * first URL and resolved anew, and only for GET and HEAD without body or credentials: everything else would be
 * repeated to a server that was not asked for. Responses keep their sensitive headers.
 */
export async function fetchPublic(
  request: OutgoingRequest,
  options: FetchOptions,
): Promise<Result<PublicResponse, FetchFailure>> {
  const deadline = startDeadline(options.timeoutMs, options.signal);
  const result = await follow(request, { ...options, signal: deadline.signal });
  deadline.end();
  // Inside, the end of the time looks as if the caller had given up.
  if (result.ok || result.error.rule !== 'cancelled' || deadline.cause() !== 'timeout') return result;
  const message = `There was no answer within ${options.timeoutMs} ms.`;
  return err({ rule: 'timeout', message, requestSent: result.error.requestSent });
}

async function follow(
  request: OutgoingRequest,
  options: FetchOptions,
): Promise<Result<PublicResponse, FetchFailure>> {
  let url = request.url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await ask({ ...request, url }, options);
    if (!answer.ok) return err({ ...answer.error, requestSent: answer.error.requestSent || hop > 0 });
    const next = redirection(answer.value);
    if (next === undefined) return answer;
    if (!mayFollow(request, options)) return refusedRedirect(next);
    url = next;
  }
  const message = `There were more than ${MAX_REDIRECTS} redirects.`;
  return err({ rule: 'too-many-redirects', message, requestSent: true });
}

async function ask(
  request: OutgoingRequest,
  { transport, resolver, rules, maxResponseBytes, timeoutMs, signal }: FetchOptions,
): Promise<Result<PublicResponse, FetchFailure>> {
  const target = judge(request, rules);
  if (!target.ok) return err({ ...target.error, requestSent: false });
  const { url, host, method } = target.value;
  const addresses = await resolvePublic(host, resolver, signal);
  if (!addresses.ok) return err({ ...addresses.error, requestSent: false });
  const to = { addresses: addresses.value, maxResponseBytes, timeoutMs, signal };
  const answer = await transport.send({ ...request, url, method }, to);
  return answer.ok ? ok({ ...answer.value, url }) : answer;
}

function judge({ method, url }: OutgoingRequest, rules: readonly AllowRule[] | undefined) {
  const target = parseTarget(method, url);
  if (!target.ok || rules === undefined) return target;
  const rule = matchAllowlist(target.value, rules);
  return rule.ok ? ok<Target>(target.value) : rule;
}

/** Where a response leads, still unchecked. */
function redirection({ status, headers, url }: PublicResponse): string | undefined {
  if (!REDIRECTS.has(status)) return undefined;
  const location = headers.find(([name]) => name === 'location')?.[1];
  return location === undefined ? undefined : URL.parse(location, url)?.href;
}

const mayFollow = (
  { method, headers, body }: OutgoingRequest,
  { credentialed = false }: FetchOptions,
): boolean =>
  /^(?:GET|HEAD)$/i.test(method) &&
  body === undefined &&
  !credentialed &&
  !headers.some(([name]) => isSensitiveHeader(name));

function refusedRedirect(url: string) {
  const host = URL.parse(url)?.host ?? '';
  const message = `The server redirects to ${host}, which only a plain GET or HEAD without credentials follows.`;
  return err({ rule: 'redirect-refused' as const, message, requestSent: true });
}
