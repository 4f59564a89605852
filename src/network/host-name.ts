import { isIP } from 'node:net';

/** Letters, digits, hyphens, and underscores, which some real hosts have. */
const LABEL = /^[a-z0-9_-]{1,63}$/;
const MAX_NAME_LENGTH = 253;

/** The host of a parsed URL as it is compared and resolved: IPv6 without its brackets. */
export const bareHost = (hostname: string): string =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;

/**
 * What is wrong with a host that the URL parser let through, or undefined. A name needs a dot: those without one
 * exist only in the local network. A dot at the end is refused, so that each host has one spelling.
 */
export function hostObjection(host: string): string | undefined {
  if (isIP(host) !== 0) return undefined;
  if (host.length > MAX_NAME_LENGTH) return `A host name has at most ${MAX_NAME_LENGTH} characters.`;
  if (host.endsWith('.')) return 'The host ends in a dot: leave it out.';
  const labels = host.split('.');
  if (!labels.every((label) => LABEL.test(label)))
    return 'The host has an empty, overlong or malformed part.';
  return labels.length < 2 ? `"${host}" is not a public host: it has no dot.` : undefined;
}
