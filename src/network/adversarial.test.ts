import { isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type AllowRule, checkAddress, matchAllowlist, parseAllowRule, parseTarget } from './index.ts';
import { ADDRESSES, LITERAL_HOSTS, RULES, URL_GROUPS } from './testing/adversarial.ts';

const rules: readonly AllowRule[] = RULES.map((source) => {
  const rule = parseAllowRule(source);
  if (!rule.ok) throw new Error(rule.error.message);
  return rule.value;
});

/** The rule that stops a URL, or `allowed`. */
function verdict(method: string, url: string): string {
  const target = parseTarget(method, url);
  if (!target.ok) return target.error.rule;
  const match = matchAllowlist(target.value, rules);
  return match.ok ? 'allowed' : match.error.rule;
}

function addressVerdict(address: string): string {
  const checked = checkAddress(address);
  return checked.ok ? 'public' : checked.error.rule;
}

function literalVerdict(host: string): string {
  const target = parseTarget('GET', `https://${host}/`);
  if (!target.ok) return target.error.rule;
  return isIP(target.value.host) === 0 ? `a name: ${target.value.host}` : addressVerdict(target.value.host);
}

test('there are more than 400 of them', () => {
  const urls = URL_GROUPS.flatMap((group) => group.urls);
  const addresses = [...LITERAL_HOSTS, ...ADDRESSES].flatMap((group) => group.addresses);
  expect(urls.length).toBeGreaterThan(400);
  expect(addresses.length).toBeGreaterThan(250);
  const cases = URL_GROUPS.flatMap((group) => group.urls.map((url) => JSON.stringify([group.method, url])));
  expect(new Set(cases).size).toBe(urls.length);
});

describe.each(URL_GROUPS)('$name: $expected', ({ expected, method = 'GET', urls }) => {
  test.each(urls)('%j', (url) => {
    expect(verdict(method, url)).toBe(expected);
  });
});

describe.each(LITERAL_HOSTS)('a host that is an address: $expected', ({ expected, addresses }) => {
  test.each(addresses)('%j', (host) => {
    expect(literalVerdict(host)).toBe(expected);
  });
});

describe.each(ADDRESSES)('an address: $expected', ({ expected, addresses }) => {
  test.each(addresses)('%j', (address) => {
    expect(addressVerdict(address)).toBe(expected);
  });
});
