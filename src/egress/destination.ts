import { ok, type Result } from '../core/result.ts';
import { type AllowRule, matchAllowlist, parseTarget, type Target } from '../network/index.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/** What a request names, in its own words. */
interface Named {
  readonly method: string;
  /** As on the request line. */
  readonly target: string;
  /** Names and values alternate, as Node gives them. */
  readonly rawHeaders: readonly string[];
}

type Decided = Result<Target, EgressRefusal>;

/**
 * Where a plain request goes, if it may: its URL is read as https, and it leaves so, for nothing leaves unencrypted.
 * The host it names a second time, in its `Host` header, must be the same.
 */
export function plainDestination(named: Named, allow: readonly AllowRule[]): Decided {
  if (named.target.startsWith('/') || named.target === '*') return NOT_FOR_A_PROXY;
  return judged(named, asHttps(named.target), allow);
}

/** Where a tunnel goes, if it may: `host:443`. */
export function tunnelDestination(named: Named, allow: readonly AllowRule[]): Decided {
  if (/[/?#\\@]/.test(named.target)) return NOT_AN_AUTHORITY;
  if (!/:[0-9]+$/.test(named.target)) return NOT_AN_AUTHORITY;
  return judged({ ...named, method: 'GET' }, `https://${named.target}/`, allow);
}

function judged({ method, rawHeaders }: Named, url: string, allow: readonly AllowRule[]): Decided {
  const target = parseTarget(method, url);
  if (!target.ok) return target;
  const allowed = matchAllowlist(target.value, allow);
  if (!allowed.ok) return { ok: false, error: helpful(allowed.error) };
  return sameHost(target.value, hostHeaders(rawHeaders));
}

/** Port 80 is what plain HTTP says without saying it. */
function asHttps(target: string): string {
  const [, authority = '', rest = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  return authority === '' ? target : `https://${authority.replace(/:80$/, '')}${rest}`;
}

function sameHost(target: Target, hosts: readonly string[]): Decided {
  if (hosts.length > 1) return refuse('host-mismatch', 'The request has more than one Host header.');
  const [host] = hosts;
  if (host === undefined) return ok(target);
  const second = parseTarget('GET', `https://${host.replace(/:80$/, '')}/`);
  return second.ok && second.value.host === target.host && !/[/?#]/.test(host)
    ? ok(target)
    : refuse('host-mismatch', `The Host header of a request to ${target.host} names another host.`);
}

function hostHeaders(raw: readonly string[]): readonly string[] {
  return raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === 'host');
}

const helpful = ({ rule, message }: EgressRefusal): EgressRefusal =>
  rule === 'host-not-allowed'
    ? { rule, message: `${message} The owner can add it to sandbox.extra_domains.` }
    : { rule, message };

const NOT_FOR_A_PROXY = refuse(
  'not-a-proxy-request',
  'This is an HTTP proxy: the request line needs a whole URL, as http://host/path.',
);

const NOT_AN_AUTHORITY = refuse('url-invalid', 'A tunnel is asked for as host:443.');
