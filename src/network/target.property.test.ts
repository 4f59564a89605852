import { BlockList, isIP, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AllowRule, checkAddress, matchAllowlist, parseAllowRule, parseTarget } from './index.ts';
import { ADDRESSES, URL_GROUPS } from './testing/adversarial.ts';

const RUNS = 5_000;

const sources = [{ host: 'allowed.com' }, { host: '*.wild.example', pathPrefix: '/v1' }, { host: '1.1.1.1' }];
const rules: readonly AllowRule[] = sources.flatMap((source) => {
  const rule = parseAllowRule(source);
  return rule.ok ? [rule.value] : [];
});

/** Pieces of which URLs that deceive are made, and enough plain ones that many are accepted. */
const piece = fc.constantFrom(
  ...'allowed.com x.wild.example 1.1.1.1 evil.com /v1 /v1/x / // .. ../ %2e%2e %2f %252f ; : :443 :80 @ # ? & = . 。 ％'.split(
    ' ',
  ),
  ...[
    '\\',
    '\t',
    '\n',
    ' ',
    '\0',
    '[',
    ']',
    '[::1]',
    '0x7f.1',
    'https://',
    'a',
    'é',
    '\u00ad',
    '\u200b',
    '／',
    '．',
  ],
);
const assembled = fc
  .tuple(
    fc.constantFrom('allowed.com', 'x.wild.example/v1', '1.1.1.1', ''),
    fc.array(piece, { maxLength: 6 }),
  )
  .map(([host, pieces]) => `https://${host}${pieces.join('')}`);
const known = fc.constantFrom(...URL_GROUPS.flatMap(({ urls }) => urls));
/** One character of a URL that is known to be difficult, replaced. */
const mutated = fc.tuple(known, fc.nat(), piece).map(([url, at, text]) => {
  const cut = url.length === 0 ? 0 : at % url.length;
  return url.slice(0, cut) + text + url.slice(cut + 1);
});
const anyUrl = fc.oneof(
  assembled,
  mutated,
  fc.webUrl({ validSchemes: ['https', 'http'] }),
  fc.string({ unit: 'binary' }),
);

function isGranted(hostname: string): boolean {
  return (
    hostname === 'allowed.com' || hostname === '1.1.1.1' || /^[a-z0-9_.-]+\.wild\.example$/.test(hostname)
  );
}

test('what is accepted goes over https, to a granted host, as nobody', () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyUrl, (url) => {
      const target = parseTarget('GET', url);
      if (!target.ok || !matchAllowlist(target.value, rules).ok) return;
      accepted++;
      const sent = new URL(target.value.url);
      expect(sent.href).toBe(target.value.url);
      expect(sent).toMatchObject({ protocol: 'https:', username: '', password: '', port: '', hash: '' });
      expect(sent.pathname).toBe(target.value.path);
      expect(isGranted(sent.hostname)).toBe(true);
      expect(sent.pathname).not.toMatch(/%(?:2f|5c|00)|\\|\/\.\.?(?:\/|$)/i);
      if (sent.hostname.endsWith('.wild.example')) expect(sent.pathname).toMatch(/^\/v1(?:\/|$)/);
    }),
    { numRuns: RUNS },
  );
  expect(accepted).toBeGreaterThan(RUNS / 50);
});

test('what was accepted once is accepted again, unchanged', () => {
  fc.assert(
    fc.property(anyUrl, (url) => {
      const target = parseTarget('GET', url);
      if (target.ok) expect(parseTarget('GET', target.value.url)).toEqual(target);
    }),
    { numRuns: RUNS },
  );
});

/** Written from the registries without looking at the code under test, and checked by another implementation. */
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
const specialV4 =
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
  203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`.split(/\s+/);
/** Everything outside of 2000::/3, and what is special inside. */
const specialV6 =
  `::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20`.split(/\s+/);
for (const [family, blocks] of [
  ['ipv4', specialV4],
  ['ipv6', specialV6],
] as const) {
  for (const block of blocks) {
    const [network = '', bits] = block.split('/');
    special[family].addSubnet(network, Number(bits), family);
  }
}

/** `bits` of `network` kept and the rest at random: addresses inside a block and at its borders. */
const insideV4 = fc
  .tuple(fc.constantFrom(...specialV4), fc.nat(0xffffffff), fc.constantFrom(-1, 0, 1))
  .map(([block, noise, offset]) => {
    const [network = '', bits = '32'] = block.split('/');
    const start = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
    const size = 2 ** (32 - Number(bits));
    const at = offset === 0 ? start + (noise % size) : offset < 0 ? start - 1 : start + size;
    const value = ((at % 2 ** 32) + 2 ** 32) % 2 ** 32;
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  });
const near = fc
  .tuple(
    fc.constantFrom('2001', '2002', '2620', '3fff', '64', '100', 'fe80', 'fd00', '5f00', '0', '2606', '2400'),
    fc.array(
      fc.constantFrom('0', '1', '2', '4f', 'db8', 'ff9b', 'ffff', 'ec2', '8000', '1ff', '200', '254'),
      {
        minLength: 7,
        maxLength: 7,
      },
    ),
  )
  .map(([first, rest]) => [first, ...rest].join(':'));
const listed = fc.constantFrom(...ADDRESSES.flatMap(({ addresses }) => addresses));

test('a public address lies in no block of the registries, and every other one is public', () => {
  const seen = { public: 0, special: 0 };
  fc.assert(
    fc.property(fc.oneof(insideV4, near, fc.ipV4(), fc.ipV6(), listed), (address) => {
      const isPlain = isIP(address) !== 0 && !address.includes('%');
      // Each family has its own list: Node takes IPv4 for a part of ::/3, mapped.
      const family = isIPv4(address) ? 'ipv4' : 'ipv6';
      const isSpecial = isPlain && special[family].check(address, family);
      if (isPlain) seen[isSpecial ? 'special' : 'public']++;
      expect(checkAddress(address).ok).toBe(isPlain && !isSpecial);
    }),
    { numRuns: 4 * RUNS },
  );
  expect(Math.min(seen.public, seen.special)).toBeGreaterThan(RUNS / 10);
});
