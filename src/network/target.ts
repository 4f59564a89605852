import { ok, type Result } from '../core/result.ts';
import { bareHost, hostObjection } from './host-name.ts';
import { MAX_URL_BYTES, parseStrictly, tooLong } from './raw-url.ts';
import { refuse, type UrlRefusal } from './refusal.ts';
import { pathObjection } from './url-path.ts';

/** What a request asks, in the one spelling that is both judged and sent. */
export interface Target {
  /** Without fragment; of the form that `new URL(url).href` gives back unchanged. */
  readonly url: string;
  /** Lower-case ASCII (names in punycode), no dot at the end; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Begins with `/`; dot segments resolved, percent-encoding as in `url`, no query. */
  readonly path: string;
  /** In capitals. */
  readonly method: string;
}

export const HTTPS_PORT = 443;

/** RFC 9110, 5.6.2; none that exists is longer. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/;

/** They address proxies and diagnostics; browsers forbid them to scripts as well (Fetch standard). */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The target of a request, or the rule that its URL breaks. https on port 443 only; no user in the URL; names in the
 * form of the URL standard, so that decimal, octal and full-width spellings of an IP address come out as the address.
 * Says nothing yet on whether the target is allowed or its address public. Costs some 5 µs.
 */
export function parseTarget(method: string, url: string): Result<Target, UrlRefusal> {
  const parsed = parseStrictly(url);
  if (!parsed.ok) return parsed;
  parsed.value.hash = '';
  const { hostname, pathname: path, href } = parsed.value;
  if (href.length > MAX_URL_BYTES) return tooLong();
  const host = bareHost(hostname);
  const hostTrouble = hostObjection(host);
  if (hostTrouble !== undefined) return refuse('host-invalid', hostTrouble);
  const pathTrouble = pathObjection(path);
  if (pathTrouble) return refuse(pathTrouble.rule, pathTrouble.message);
  const verb = parseMethod(method);
  return verb.ok ? ok({ url: href, host, port: HTTPS_PORT, path, method: verb.value }) : verb;
}

export function parseMethod(method: string): Result<string, UrlRefusal> {
  if (!TOKEN.test(method)) return refuse('method-invalid', 'The method is not an HTTP method.');
  const verb = method.toUpperCase();
  return FORBIDDEN_METHODS.has(verb)
    ? refuse('method-invalid', `The method ${verb} is never sent.`)
    : ok(verb);
}
