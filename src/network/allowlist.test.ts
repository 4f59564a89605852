import { describe, expect, test } from 'vitest';
import { matchAllowlist, parseAllowRule, parseTarget } from './index.ts';

describe('a rule of a manifest', () => {
  test('is brought into the spelling of a target', () => {
    expect(parseAllowRule({ host: '*.BÜCHER.example', pathPrefix: '/a/../é', methods: ['get'] })).toEqual({
      ok: true,
      value: { host: '*.xn--bcher-kva.example', pathPrefix: '/%C3%A9', methods: ['GET'] },
    });
    expect(parseAllowRule({ host: '[2606:4700::0:1]' })).toMatchObject({ value: { host: '2606:4700::1' } });
  });

  test('without path and methods allows all of them', () => {
    expect(parseAllowRule({ host: 'a.example' })).toEqual({
      ok: true,
      value: { host: 'a.example', pathPrefix: '/', methods: [] },
    });
  });

  test.each([
    '*',
    '*.com',
    '*.*',
    '*.*.com',
    'a*.example.com',
    '*example.com',
    'a.*.com',
    '**.example.com',
    '*.',
    '',
    '.',
    'localhost',
    '*.localhost',
    'a.example.',
    'a..example',
    '*.1.1.1.1',
    '*.0x7f.1',
    '*.2606:4700::1',
    '*.[2606:4700::1]',
    'a.example/path',
    'a.example?x',
    'a.example#x',
    'user@a.example',
    'a%2eexample',
  ])('with the host %j is refused', (host) => {
    expect(parseAllowRule({ host })).toMatchObject({ ok: false, error: { rule: 'host-invalid' } });
  });

  test.each(['a.example:443', 'a.example:80', '[2606:4700::1]:443', 'https:a.example'])(
    'with a port, as in %j, is refused',
    (host) => {
      expect(parseAllowRule({ host })).toMatchObject({ ok: false, error: { rule: 'port' } });
    },
  );

  test.each([
    ['v1', 'url-invalid'],
    ['', 'url-invalid'],
    ['/v1?x', 'url-invalid'],
    ['/v1#x', 'url-invalid'],
    ['/v 1', 'url-invalid'],
    ['/a\\b', 'url-invalid'],
    ['/a%2fb', 'path-encoding'],
    ['/a%', 'path-encoding'],
    ['/..;/', 'path-traversal'],
  ])('with the path prefix %j is refused: %s', (pathPrefix, rule) => {
    expect(parseAllowRule({ host: 'a.example', pathPrefix })).toMatchObject({ ok: false, error: { rule } });
  });

  test('with a method that is none is refused', () => {
    expect(parseAllowRule({ host: 'a.example', methods: ['GET', 'G T'] })).toMatchObject({
      ok: false,
      error: { rule: 'method-invalid' },
    });
  });
});

describe('the allowlist', () => {
  const target = parseTarget('put', 'https://a.example.org/v1/x?secret#there');
  if (!target.ok) throw new Error(target.error.message);

  test('allows nothing while it is empty', () => {
    expect(matchAllowlist(target.value, [])).toMatchObject({ ok: false, error: { rule: 'nothing-allowed' } });
  });

  test('combines rules: the host of one does not lend its path or methods to another', () => {
    const rules = [
      { host: 'a.example.org', pathPrefix: '/v2', methods: [] },
      { host: '*.example.org', pathPrefix: '/v1', methods: ['GET'] },
      { host: 'b.example.org', pathPrefix: '/', methods: ['PUT'] },
    ];
    expect(matchAllowlist(target.value, rules)).toMatchObject({ error: { rule: 'method-not-allowed' } });
    const granted = { host: '*.example.org', pathPrefix: '/v1/x', methods: ['PUT'] };
    expect(matchAllowlist(target.value, [...rules, granted])).toEqual({ ok: true, value: granted });
  });

  test('is asked about the target in one spelling, without its fragment', () => {
    expect(target.value).toEqual({
      url: 'https://a.example.org/v1/x?secret',
      host: 'a.example.org',
      port: 443,
      path: '/v1/x',
      method: 'PUT',
    });
  });

  test('does not repeat the query in its refusals', () => {
    for (const url of [
      'https://a.example.org/?s3cret',
      'https://s3cret@a.example.org/',
      'https://a.org:1/?s3cret',
    ]) {
      const parsed = parseTarget('GET', url);
      const result = parsed.ok
        ? matchAllowlist(parsed.value, [{ host: 'x.y', pathPrefix: '/', methods: [] }])
        : parsed;
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toContain('s3cret');
    }
  });
});
