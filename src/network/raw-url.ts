import { ok, type Result } from '../core/result.ts';
import { refuse, type UrlRefusal } from './refusal.ts';

/** The longest URL, in bytes: what servers commonly take as a request line. */
export const MAX_URL_BYTES = 8192;

/** Control characters, white space and backslashes: the URL standard repairs or drops them without a word. */
const REPAIRED = /[\p{Cc}\p{Z}\\]/u;

/** The host in brackets or up to the first colon, then perhaps a port. */
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s;

/**
 * Parses a URL after refusing what the parser of the URL standard would repair: whoever reads the URL before and
 * whoever sends it must see the same host. What remains for the parser is the host alone.
 */
export function parseStrictly(url: string): Result<URL, UrlRefusal> {
  if (url.length > MAX_URL_BYTES) return tooLong();
  if (REPAIRED.test(url) || !url.isWellFormed()) {
    return refuse('url-invalid', 'The URL has a control character, white space or a backslash: encode it.');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1];
  if (scheme === undefined) return refuse('url-invalid', 'The URL is not absolute: begin it with https://.');
  if (scheme.toLowerCase() !== 'https') return refuse('scheme', `Only https is spoken, not ${scheme}.`);
  const authority = /^https:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (authority === undefined) return refuse('url-invalid', 'After https: come two slashes and a host.');
  return checkAuthority(authority) ?? parse(url);
}

export const tooLong = () =>
  refuse('url-too-long', `The URL is longer than ${MAX_URL_BYTES} bytes: send what is long in the body.`);

function checkAuthority(authority: string) {
  if (authority.includes('@')) {
    return refuse('userinfo', 'The URL names a user before the host, which is never sent.');
  }
  const [, host, port] = HOST_AND_PORT.exec(authority) ?? [];
  if (host === undefined || host === '')
    return refuse('host-invalid', 'The URL has no host, or a broken one.');
  if (host.includes('%')) return refuse('host-invalid', 'The host is percent-encoded: write it plainly.');
  if (port !== undefined && port !== '443') return refuse('port', 'Only port 443 is asked.');
  return undefined;
}

function parse(url: string): Result<URL, UrlRefusal> {
  const parsed = URL.parse(url);
  return parsed === null ? refuse('host-invalid', 'The host is not a valid name or address.') : ok(parsed);
}
