import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { err, ok, type Result } from '../core/result.ts';

/** What an address is, where it is not public. */
export type AddressRule =
  | 'not-an-address'
  | 'zone-id'
  | 'metadata'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'carrier-grade-nat'
  | 'multicast'
  | 'broadcast'
  | 'documentation'
  | 'benchmarking'
  | 'embedded-ipv4'
  | 'reserved';

export interface AddressRefusal {
  readonly rule: AddressRule;
  readonly message: string;
}

/**
 * The first block that holds an address names it. From the IANA registries of special-purpose addresses for IPv4 and
 * IPv6 (RFC 6890 and its updates), with what they lack: deprecated ranges (site-local RFC 3879, IPv4-compatible
 * RFC 4291, 6to4 relays RFC 7526), multicast, and the metadata services of clouds (AWS, Google, OpenStack and most
 * others; containers and pods of AWS; Alibaba; Oracle; Azure, whose address is otherwise an ordinary public one).
 */
const BLOCKS: readonly (readonly [AddressRule, string])[] = [
  [
    'metadata',
    `169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 169.254.0.23/32 100.100.100.200/32 192.0.0.192/32
     168.63.129.16/32 fd00:ec2::/32 fd20:ce::254/128 fe80::a9fe:a9fe/128`,
  ],
  ['unspecified', '0.0.0.0/8 ::/128'],
  ['loopback', '127.0.0.0/8 ::1/128'],
  ['private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10'],
  ['link-local', '169.254.0.0/16 fe80::/10'],
  ['carrier-grade-nat', '100.64.0.0/10'],
  ['broadcast', '255.255.255.255/32'],
  ['multicast', '224.0.0.0/4 ff00::/8'],
  ['documentation', '192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20'],
  ['benchmarking', '198.18.0.0/15 2001:2::/48'],
  [
    'embedded-ipv4',
    '::ffff:0:0/96 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32 192.88.99.0/24',
  ],
  [
    'reserved',
    '192.0.0.0/24 192.31.196.0/24 192.52.193.0/24 192.175.48.0/24 240.0.0.0/4 100::/64 2001::/23 5f00::/16',
  ],
];

const RULES = BLOCKS.flatMap(([rule, blocks]) =>
  blocks.split(/\s+/).map((block) => ({ rule, cidr: ipaddr.parseCIDR(block) })),
);

/** All that IANA has handed out for hosts so far; what lies outside of it was never assigned. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * The canonical spelling of a public unicast address, or what it is instead. Takes four plain decimals, or IPv6
 * without brackets. Costs a few µs. Translators with a prefix of their own (RFC 6052) and the machine's own public
 * address cannot be told from the rest of the Internet here.
 */
export function checkAddress(address: string): Result<string, AddressRefusal> {
  if (isIP(address) === 0) return refuse('not-an-address', 'It is not an IP address.');
  if (address.includes('%')) return refuse('zone-id', 'The address belongs to one network interface.');
  const parsed = ipaddr.parse(address);
  const rule = specialPurpose(parsed);
  const canonical = parsed.toString();
  return rule ? refuse(rule, `The address ${canonical} is not public (${rule}).`) : ok(canonical);
}

function specialPurpose(address: ipaddr.IPv4 | ipaddr.IPv6): AddressRule | undefined {
  const kind = address.kind();
  const block = RULES.find(({ cidr }) => cidr[0].kind() === kind && address.match(cidr));
  if (block) return block.rule;
  if (kind === 'ipv6' && !address.match(GLOBAL_UNICAST)) return 'reserved';
  // The library may learn of a block before this list does.
  return address.range() === 'unicast' ? undefined : 'reserved';
}

const refuse = (rule: AddressRule, message: string) => err({ rule, message });
