import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Credential, CredentialLocation } from '../../src/extensions/index.ts';
import { type OutgoingRequest, parseTarget, type Target } from '../../src/network/index.ts';
import { Secret, type Secrets } from '../../src/secrets/index.ts';
import { applicableCredentials, guestHeaders, type SealedRequest, sealRequest } from './index.ts';

const VALUE = 'Zq7/+ x&9"é~{1}'.replace('é', 'e');

function credential(location: CredentialLocation, more: Partial<Credential> = {}): Credential {
  const key = more.key ?? 'key';
  const plain = { key, secretName: 'api_token', hostPatterns: ['api.example.com'], pathPatterns: [] };
  return { ...plain, location, optional: false, ...more };
}

const secretsOf = (values: Readonly<Record<string, string>>): Secrets => ({
  has: async (name) => Object.hasOwn(values, name),
  async get(name) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? undefined : new Secret(name, value);
  },
  names: async () => Object.keys(values),
});

const request = (more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url: 'https://api.example.com/v1/items?page=2',
  headers: [],
  body: undefined,
  ...more,
});

function targetOf(url: string): Target {
  const target = parseTarget('GET', url);
  if (!target.ok) throw new Error(target.error.message);
  return target.value;
}

/** What leaves, or the rule that refused it. */
async function outcome(
  asked: OutgoingRequest,
  credentials: readonly Credential[],
  values: Readonly<Record<string, string>> = { api_token: VALUE },
): Promise<SealedRequest | string> {
  const sealed = await sealRequest(asked, credentials, secretsOf(values));
  return sealed.ok ? sealed.value : sealed.error.rule;
}

async function sealedOf(...given: Parameters<typeof outcome>): Promise<SealedRequest> {
  const sealed = await outcome(...given);
  if (typeof sealed === 'string') throw new Error(sealed);
  return sealed;
}

const header = ({ headers }: OutgoingRequest, name: string): readonly string[] =>
  headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);

describe('which credentials belong to a request', () => {
  const applies = (more: Partial<Credential>, url: string): boolean =>
    applicableCredentials([credential({ type: 'bearer' }, more)], targetOf(url)).length === 1;

  test.each([
    [['api.example.com'], 'https://api.example.com/', true],
    [['api.example.com'], 'https://API.Example.com/', true],
    [['api.example.com'], 'https://api.example.com.evil.org/', false],
    [['api.example.com'], 'https://evil-api.example.com/', false],
    [['*.example.com'], 'https://deep.api.example.com/', true],
    [['*.example.com'], 'https://example.com/', false],
    [['*.example.com'], 'https://evilexample.com/', false],
    [['other.org', 'api.example.com'], 'https://api.example.com/', true],
    [[], 'https://api.example.com/', false],
  ])('hosts %j, %s: %s', (hostPatterns, url, expected) => {
    expect(applies({ hostPatterns }, url)).toBe(expected);
  });

  test.each([
    [[], '/anything', true],
    [['/v1/*'], '/v1/items', true],
    [['/v1/*'], '/v10/items', false],
    [['/v1/*'], '/v1/../admin', false],
    [['/v2/*', '/v1/items'], '/v1/items', true],
    [['/v1/items'], '/v1/items/3', false],
  ])('paths %j, %s: %s', (pathPatterns, path, expected) => {
    expect(applies({ pathPatterns }, `https://api.example.com${path}`)).toBe(expected);
  });

  test('the same secret in the same place counts once', () => {
    const twice = [credential({ type: 'bearer' }), credential({ type: 'bearer' }, { key: 'again' })];
    expect(applicableCredentials(twice, targetOf('https://api.example.com/'))).toHaveLength(1);
  });
});

describe('a value is put', () => {
  test('into the header Authorization, in place of what the guest set', async () => {
    const asked = request({
      headers: [
        ['authorization', 'mine'],
        ['Accept', 'text/plain'],
      ],
    });
    const sealed = await sealedOf(asked, [credential({ type: 'bearer' })]);
    expect(sealed.open().headers).toEqual([
      ['Accept', 'text/plain'],
      ['Authorization', `Bearer ${VALUE}`],
    ]);
    expect(sealed.masked().headers).toEqual([
      ['Accept', 'text/plain'],
      ['Authorization', 'Bearer ‹api_token›'],
    ]);
    expect(sealed.credentials).toEqual(['api_token']);
  });

  test('into basic authentication, with its user', async () => {
    const sealed = await sealedOf(request(), [credential({ type: 'basic', username: 'me' })]);
    const encoded = Buffer.from(`me:${VALUE}`).toString('base64');
    expect(header(sealed.open(), 'authorization')).toEqual([`Basic ${encoded}`]);
    expect(header(sealed.masked(), 'authorization')).toEqual(['Basic ‹api_token›']);
    expect(sealed.scrub(`no user for ${encoded}`)).not.toContain(encoded.slice(6, -6));
  });

  test('into a header of any name, with its prefix', async () => {
    const location = { type: 'header', name: 'X-Api-Key', prefix: 'key ' } as const;
    const sealed = await sealedOf(request({ headers: [['x-api-key', 'mine']] }), [credential(location)]);
    expect(sealed.open().headers).toEqual([['X-Api-Key', `key ${VALUE}`]]);
  });

  test('into a query parameter, in place of the guest’s, leaving the others letter by letter', async () => {
    const url = 'https://api.example.com/v1?a=%20b+c&KEY=1&%6bey=mine&key=too&d';
    const sealed = await sealedOf(request({ url }), [credential({ type: 'query_param', name: 'key' })]);
    const opened = new URL(sealed.open().url);
    expect(opened.search.startsWith('?a=%20b+c&KEY=1&d&key=')).toBe(true);
    expect(opened.searchParams.getAll('key')).toEqual([VALUE]);
    expect(sealed.masked().url).toContain('&key=‹api_token›');
  });

  test.each([
    'https://api.example.com/v1',
    'https://api.example.com/v1?',
    'https://api.example.com/v1?key=x',
  ])('into the query of %s', async (url) => {
    const sealed = await sealedOf(request({ url }), [credential({ type: 'query_param', name: 'key' })]);
    expect(new URL(sealed.open().url).searchParams.get('key')).toBe(VALUE);
  });

  test('where the placeholder stands in the path, query and headers, but not in the body', async () => {
    const body = Buffer.from('{TOKEN}');
    const asked = request({
      url: targetOf('https://api.example.com/bot{TOKEN}/send?again={TOKEN}').url,
      headers: [['X-Bot', 'is {TOKEN}!']],
      body,
    });
    const token = '123456:AAb-c_d/e?f';
    const sealed = await sealedOf(asked, [credential({ type: 'url_path', placeholder: '{TOKEN}' })], {
      api_token: token,
    });
    const opened = sealed.open();
    expect(opened.url).toBe(
      'https://api.example.com/bot123456:AAb-c_d%2Fe%3Ff/send?again=123456%3AAAb-c_d%2Fe%3Ff',
    );
    expect(new URL(opened.url).host).toBe('api.example.com');
    expect(header(opened, 'x-bot')).toEqual([`is ${token}!`]);
    expect(opened.body).toBe(body);
  });

  test('where a guest names the secret of a header credential', async () => {
    const location = { type: 'header', name: 'X-Api-Key' } as const;
    const sealed = await sealedOf(request({ headers: [['X-Other', '{API_TOKEN}']] }), [credential(location)]);
    expect(sealed.open().headers).toEqual([
      ['X-Other', VALUE],
      ['X-Api-Key', VALUE],
    ]);
  });

  test('nowhere for a host or path outside of its patterns, although the caller hands the credential in', async () => {
    const headers = [['X', '{API_TOKEN}']] as const;
    const location = { type: 'header', name: 'X-Api-Key' } as const;
    for (const more of [{ hostPatterns: ['other.org'] }, { pathPatterns: ['/v2/*'] }]) {
      const sealed = await sealedOf(request({ headers }), [credential(location, more)]);
      expect(sealed.open()).toEqual(request({ headers }));
      expect(sealed.credentials).toEqual([]);
    }
  });

  test('not at all where it is optional and missing', async () => {
    const sealed = await sealedOf(request(), [credential({ type: 'bearer' }, { optional: true })], {});
    expect(sealed.open()).toEqual(request());
  });
});

describe('a request is refused', () => {
  const path = credential({ type: 'url_path', placeholder: '{TOKEN}' });
  test.each<[string, OutgoingRequest, readonly Credential[], Record<string, string>, string]>([
    ['without the secret', request(), [credential({ type: 'bearer' })], {}, 'secret-missing'],
    ['without the placeholder', request(), [path], { api_token: VALUE }, 'placeholder-missing'],
    [
      'with a placeholder in its host',
      request({ url: 'https://{TOKEN}.example.com/' }),
      [path],
      { api_token: VALUE },
      'placeholder-in-host',
    ],
    [
      'when two credentials are meant for one header',
      request(),
      [credential({ type: 'bearer' }), credential({ type: 'basic', username: 'u' }, { secretName: 'b' })],
      { api_token: VALUE, b: VALUE },
      'header-conflict',
    ],
    [
      'when a credential would be a header of the host',
      request(),
      [credential({ type: 'header', name: 'Host' })],
      { api_token: VALUE },
      'header-conflict',
    ],
    [
      'with a line break in the value',
      request(),
      [credential({ type: 'bearer' })],
      { api_token: 'abcd\r\nX: y' },
      'value-invalid',
    ],
    [
      'with a NUL in the value',
      request(),
      [credential({ type: 'bearer' })],
      { api_token: 'abcd\0efgh' },
      'value-invalid',
    ],
    [
      'with a value that is no header',
      request(),
      [credential({ type: 'bearer' })],
      { api_token: 'abcd漢字' },
      'value-invalid',
    ],
    [
      'with space around the value',
      request(),
      [credential({ type: 'bearer' })],
      { api_token: ' abcdefgh' },
      'value-invalid',
    ],
    [
      'with a value as short as a word',
      request(),
      [credential({ type: 'bearer' })],
      { api_token: 'abc' },
      'value-invalid',
    ],
    [
      'with a colon in the user',
      request(),
      [credential({ type: 'basic', username: 'a:b' })],
      { api_token: VALUE },
      'value-invalid',
    ],
  ])('%s', async (_name, asked, credentials, values, rule) => {
    expect(await outcome(asked, credentials, values)).toBe(rule);
  });

  test('when its secret cannot be read, with the reason', async () => {
    const broken: Secrets = {
      ...secretsOf({}),
      get: () => Promise.reject(new Error('readable by everybody')),
    };
    const sealed = await sealRequest(request(), [credential({ type: 'bearer' })], broken);
    expect(sealed).toMatchObject({
      ok: false,
      error: {
        rule: 'secret-missing',
        secretName: 'api_token',
        message: expect.stringContaining('everybody'),
      },
    });
  });

  test('with a sentence on how to set what is missing', async () => {
    const sealed = await sealRequest(request(), [credential({ type: 'bearer' })], secretsOf({}));
    expect(sealed.ok ? '' : sealed.error.message).toContain('IRONBARK_SECRET_API_TOKEN');
  });
});

describe('the headers of a guest', () => {
  test.each([
    ['', []],
    ['{}', []],
    [
      '{"Accept":"text/plain","X":[" a ","b"]}',
      [
        ['Accept', 'text/plain'],
        ['X', 'a'],
        ['X', 'b'],
      ],
    ],
    [
      '{"Cookie":"a=b","__proto__":"x"}',
      [
        ['Cookie', 'a=b'],
        ['__proto__', 'x'],
      ],
    ],
  ])('%s', (json, headers) => expect(guestHeaders(json)).toEqual({ ok: true, value: headers }));

  test.each([
    ['nonsense', 'headers-malformed'],
    ['[]', 'headers-malformed'],
    ['null', 'headers-malformed'],
    ['{"a":null}', 'headers-malformed'],
    ['{"a":{"b":"c"}}', 'headers-malformed'],
    ['{"a b":"c"}', 'header-invalid'],
    ['{"":"c"}', 'header-invalid'],
    ['{"a:":"c"}', 'header-invalid'],
    ['{"a":"c\\r\\nHost: evil"}', 'header-invalid'],
    ['{"a":"c\\u0000"}', 'header-invalid'],
    ['{"a":"漢"}', 'header-invalid'],
    [JSON.stringify({ a: 'x'.repeat(9000) }), 'header-invalid'],
    [JSON.stringify({ a: Array(3).fill('x'.repeat(8000)) }), 'headers-too-large'],
    [JSON.stringify({ a: Array(65).fill('x') }), 'headers-too-large'],
    [JSON.stringify({ a: 'x'.repeat(1_000_000) }), 'headers-too-large'],
  ])('%.40s is refused: %s', (json, rule) => {
    expect(guestHeaders(json)).toMatchObject({ ok: false, error: { rule } });
  });

  test('those that only the host sets are left out, and numbers are taken as texts', () => {
    const theirs = ['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', 'Proxy-Authorization', 'TE'];
    const json = JSON.stringify({ ...Object.fromEntries(theirs.map((name) => [name, 'x'])), 'x-count': 3 });
    expect(guestHeaders(json)).toEqual({ ok: true, value: [['x-count', '3']] });
  });
});

/** Values like real ones: long enough not to be a part of anything else, with every kind of character in them. */
const value = fc
  .string({
    unit: fc.constantFrom(...'abcXYZ019-_.~:/?#[]@!$&\'()*+,;= "<>%{}|\\^`'),
    minLength: 10,
    maxLength: 60,
  })
  .map((text) => `k${text.trim()}9`);

const location: fc.Arbitrary<CredentialLocation> = fc.oneof(
  fc.constant({ type: 'bearer' } as const),
  fc.record({ type: fc.constant('basic' as const), username: fc.constantFrom('me', '', 'a b') }),
  fc.record({
    type: fc.constant('header' as const),
    name: fc.constantFrom('X-Key', 'X-Other'),
    prefix: fc.constant('p '),
  }),
  fc.record({ type: fc.constant('query_param' as const), name: fc.constantFrom('key', 'k k') }),
  fc.record({ type: fc.constant('url_path' as const), placeholder: fc.constantFrom('{A}', '{B}') }),
);

const anyCredential = fc.record({
  key: fc.constantFrom('one', 'two'),
  secretName: fc.constantFrom('s1', 's2', 's3'),
  location,
  hostPatterns: fc.constantFrom(['api.example.com'], ['*.example.com'], ['other.org']),
  pathPatterns: fc.constantFrom([], ['/v1/*'], ['/v2/*']),
  optional: fc.boolean(),
});

const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  url: fc
    .tuple(
      fc.constantFrom('api.example.com', 'sub.example.com', 'other.org', 'third.net'),
      fc.constantFrom('/', '/v1/a', '/v1/{A}', '/v2/{B}/{A}', '/v1/{S1}'),
      fc.constantFrom('', '?q={A}', '?key=mine&x=1', '?k%20k=2'),
    )
    .map(([host, path, query]) => targetOf(`https://${host}${path}${query}`).url),
  headers: fc.array(
    fc.tuple(fc.constantFrom('Authorization', 'X-Key', 'X'), fc.constantFrom('{A}', '{S1}{S2}', 'x {ONE} y')),
    { maxLength: 3 },
  ),
  body: fc.constantFrom(undefined, Buffer.from('{A} {S1}')),
});

const setup = fc.record({
  asked: anyRequest,
  credentials: fc.array(anyCredential, { maxLength: 4 }),
  values: fc.record({ s1: value, s2: value, s3: value }),
});

/** Every way a value could be read out of a text. */
function forms(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((n) => {
    const whole = Buffer.from(`${'.'.repeat(n)}${secret}`).toString('base64');
    return whole.slice(Math.ceil((n * 8) / 6), Math.floor(((n + Buffer.byteLength(secret)) * 8) / 6));
  });
  const urlSafe = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    inJson,
    Buffer.from(secret).toString('hex'),
    ...inBase64,
    ...urlSafe,
  ];
}

function expectWithout(text: string, values: readonly string[]): void {
  for (const form of values.flatMap(forms)) expect(text).not.toContain(form);
}

const printed = (thing: unknown): string =>
  [
    String(thing),
    JSON.stringify(thing),
    inspect(thing),
    inspect(thing, { showHidden: true, depth: null, getters: true }),
    inspect(thing, { customInspect: false, showHidden: true, depth: null }),
    format('%s %o %O %j', thing, thing, thing, thing),
  ].join('\n');

test('nothing that is printed holds a value: not the sealed request, not its masked form, no refusal', async () => {
  let sealings = 0;
  await fc.assert(
    fc.asyncProperty(setup, async ({ asked, credentials, values }) => {
      const sealed = await sealRequest(asked, credentials, secretsOf(values));
      const shown = sealed.ok ? [sealed, sealed.value, sealed.value.masked()] : [sealed];
      expectWithout(shown.map(printed).join('\n'), Object.values(values));
      if (sealed.ok && sealed.value.credentials.length > 0) sealings++;
    }),
    { numRuns: 400 },
  );
  expect(sealings).toBeGreaterThan(30);
});

test('a value leaves only for the hosts and paths of its credential, and never for another host than was asked', async () => {
  await fc.assert(
    fc.asyncProperty(setup, async ({ asked, credentials, values }) => {
      const sealed = await sealRequest(asked, credentials, secretsOf(values));
      if (!sealed.ok) return;
      const target = targetOf(asked.url);
      const opened = sealed.value.open();
      expect(new URL(opened.url).host).toBe(target.host);
      const suited = new Set(applicableCredentials(credentials, target).map(({ secretName }) => secretName));
      const others = Object.entries(values).filter(([name]) => !suited.has(name));
      expectWithout(
        `${opened.url}\n${opened.headers.join('\n')}`,
        others.map(([, each]) => each),
      );
      expect(opened.body).toBe(asked.body);
    }),
    { numRuns: 400 },
  );
});

test('what comes back is rid of every value, in every encoding, as text and as bytes', async () => {
  const around = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed());
  await fc.assert(
    fc.asyncProperty(
      value,
      fc.array(around, { minLength: 2, maxLength: 6 }),
      fc.nat(),
      async (secret, texts, pick) => {
        const sealed = await sealedOf(request(), [credential({ type: 'query_param', name: 'k' })], {
          api_token: secret,
        });
        const written = [
          ...forms(secret),
          Buffer.from(`${texts[0]}${secret}${texts[1]}`).toString('base64'),
          Buffer.from(`${texts[0]}${secret}${texts[1]}`).toString('base64url'),
          JSON.stringify(JSON.stringify({ secret })),
          encodeURIComponent(encodeURIComponent(secret)),
          new URLSearchParams({ secret }).toString(),
          [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
        ];
        const form = written[pick % written.length] ?? '';
        const text = texts.join(` ${form} `);
        const clean = sealed.scrub(text);
        expect(clean).toContain('‹api_token›');
        expect(clean).not.toContain(form);
        expectWithout(clean, [secret]);
        const bytes = Buffer.from(await sealed.scrubBytes(Buffer.from(text))).toString();
        expect(bytes).toContain('‹api_token›');
        expectWithout(bytes, [secret]);
      },
    ),
    { numRuns: 400 },
  );
});

test('a body without values comes back as it is, whatever its bytes', async () => {
  const sealed = await sealedOf(request(), [credential({ type: 'bearer' })]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
      expect(await sealed.scrubBytes(bytes)).toBe(bytes);
    }),
  );
});

test('of a body with a value everything else comes back, whatever its bytes', async () => {
  const sealed = await sealedOf(request(), [credential({ type: 'bearer' })]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
      const body = Buffer.concat([bytes, Buffer.from(` ${VALUE} `), bytes]);
      const expected = Buffer.concat([bytes, Buffer.from(' ‹api_token› '), bytes]);
      expect(Buffer.from(await sealed.scrubBytes(body))).toEqual(expected);
    }),
  );
});

test('a secret whose value is its name is not given away by its mark', async () => {
  const sealed = await sealedOf(request(), [credential({ type: 'bearer' })], { api_token: 'api_token' });
  expect(printed(sealed.masked())).not.toContain('api_token');
});
