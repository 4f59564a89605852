/** Where the gateway is bound. */
export interface BoundAddress {
  readonly host: string;
  readonly port: number;
}

/** True for names and addresses that only programs on this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Whether a `Host` header names this gateway: a loopback name, the configured host, or the very address the
 * connection came in on. A name that an attacker's DNS points here is none of them.
 */
export function isOwnHost(header: string | undefined, bound: BoundAddress, localAddress: string): boolean {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?$/.exec((header ?? '').toLowerCase());
  if (parts === null) return false;
  const name = parts[1] ?? parts[2] ?? '';
  if (Number(parts[3] ?? 80) !== bound.port) return false;
  return isLoopback(name) || name === bound.host.toLowerCase() || name === plainAddress(localAddress);
}

/** Whether an `Origin` header, which browsers send and other programs do not, is the page served under `host`. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${(host ?? '').toLowerCase()}`;
}

/** The address to put into a link: a wildcard cannot be visited, loopback can. */
export function baseUrl({ host, port }: BoundAddress): string {
  const visitable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${visitable.includes(':') ? `[${visitable}]` : visitable}:${port}`;
}

/** IPv4 clients of a dual-stack socket show up as `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
