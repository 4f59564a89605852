import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import { EMPTY_MANIFEST, parseManifest } from './index.ts';
import { CHANNEL, EVERYTHING, GITHUB } from './testing/manifests.ts';

const parse = (manifest: unknown) => parseManifest(JSON.stringify(manifest));

function accepted(manifest: unknown) {
  const parsed = parse(manifest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function troublesOf(text: string): readonly string[] {
  const parsed = parseManifest(text);
  return parsed.ok ? [] : parsed.error.map(({ path }) => path);
}

/** A credential that has nothing wrong with it but what is given. */
const withCredential = (changes: JsonObject): JsonObject => ({
  http: {
    allowlist: [{ host: 'a.example.com' }],
    credentials: {
      k: { secret_name: 's', location: { type: 'bearer' }, host_patterns: ['a.example.com'], ...changes },
    },
  },
});

const at = (location: JsonObject): JsonObject => withCredential({ location });
const rule = (changes: JsonObject): JsonObject => ({
  http: { allowlist: [{ host: 'a.example.com', ...changes }] },
});
const RULE = '$.http.allowlist[0]';
const CREDENTIAL = '$.http.credentials.k';

describe('a manifest in order', () => {
  test('is read from within its wrapper, with defaults for what it leaves out', () => {
    const { manifest, notes } = accepted(GITHUB);
    expect(manifest).toEqual({
      kind: 'tool',
      capabilities: {
        ...EMPTY_MANIFEST.capabilities,
        http: {
          allowlist: [{ host: 'api.github.com', pathPrefix: '/', methods: [] }],
          credentials: [
            {
              key: 'github_token',
              secretName: 'github_token',
              location: { type: 'header', name: 'Authorization', prefix: 'Bearer ' },
              hostPatterns: ['api.github.com'],
              pathPatterns: [],
              optional: false,
            },
          ],
          rateLimit: { perMinute: 60, perHour: 3600 },
          maxRequestBytes: 1_048_576,
          maxResponseBytes: 10_485_760,
          timeoutMs: 30_000,
        },
        secrets: { allowedNames: ['github_token', 'github_*'] },
      },
      config: { default_limit: 30 },
    });
    expect(notes).toEqual([]);
  });

  test('may use every field, in every spelling', () => {
    const { manifest, notes } = accepted(EVERYTHING);
    const { http, secrets, toolInvoke, workspace } = manifest.capabilities;
    expect(notes).toEqual([]);
    expect(manifest).toMatchObject({
      name: 'everything',
      version: '1.2.3',
      witVersion: '0.4.1',
      sha256: 'ab'.repeat(32),
      discoverySummary: { alwaysRequired: ['action'], examples: [{ action: 'scan' }] },
      auth: {
        secretName: 'A_KEY',
        oauth: { clientIdEnv: 'EXAMPLE_ID', usePkce: false, accessTokenField: 'access_token' },
        validation: { method: 'GET', successStatus: 204 },
      },
    });
    expect(http?.allowlist).toEqual([
      { host: 'api.example.com', pathPrefix: '/v1/things', methods: ['GET', 'POST'] },
      { host: '*.example.org', pathPrefix: '/', methods: [] },
    ]);
    expect(http?.credentials.map(({ location }) => location)).toEqual([
      { type: 'bearer' },
      { type: 'basic', username: 'me' },
      { type: 'query_param', name: 'ak' },
      { type: 'url_path', placeholder: '{TOKEN}' },
      { type: 'bearer' },
    ]);
    expect(http?.credentials[1]).toMatchObject({ pathPatterns: ['/v1/*'], optional: true });
    expect(http).toMatchObject({
      maxRequestBytes: 1000,
      maxResponseBytes: 2000,
      timeoutMs: 15_000,
      rateLimit: { perMinute: 60, perHour: 1000 },
    });
    expect(secrets.allowedNames).toEqual(['github_*']);
    expect(toolInvoke).toEqual({
      aliases: { search: 'memory_search' },
      rateLimit: { perMinute: 10, perHour: 1000 },
    });
    expect(workspace.allowedPrefixes).toEqual(['projects/', 'notes.md']);
    expect(manifest.setup?.secrets).toMatchObject([
      { name: 'A_KEY', optional: false, autoGenerateBytes: 64 },
      { name: 'b', optional: true },
    ]);
    expect(manifest.setup?.fields[0]).toMatchObject({
      inputType: 'select',
      options: [
        { value: 'fast', label: 'Fast' },
        { value: 'slow', label: 'slow' },
      ],
    });
  });

  test('may describe a channel', () => {
    const { manifest, notes } = accepted(CHANNEL);
    expect(manifest.kind).toBe('channel');
    expect(manifest.config).toEqual({ owner_id: null, allow_from: [] });
    expect(manifest.capabilities.channel).toEqual({
      allowedPaths: ['/webhook/example'],
      allowPolling: true,
      minPollIntervalMs: 30_000,
      workspacePrefix: 'channels/example/',
      durableWorkspacePaths: ['state/threads'],
      emitRateLimit: { perMinute: 50, perHour: 5000 },
      maxMessageBytes: 65_536,
      callbackTimeoutMs: 45_000,
    });
    expect(manifest.capabilities.webhook).toMatchObject({
      secretName: 'example_webhook_secret',
      managedByHost: true,
    });
    expect(manifest.capabilities.websocket).toEqual({
      url: 'https://open.example.com',
      connectHosts: ['*.example.com'],
      connectOnStart: true,
      settings: { protocol: 'example_event' },
    });
    expect(notes).toEqual([
      '$.capabilities.channel.min_poll_interval_ms is 1000; 30000 is used instead, which is the limit',
      '$.capabilities.http.max_response_bytes is 52428800; 10485760 is used instead, which is the limit',
    ]);
  });

  test('may say nothing, and then asks for nothing', () => {
    expect(accepted({}).manifest).toEqual(EMPTY_MANIFEST);
    expect(accepted({ capabilities: null, http: null, description: null }).manifest).toEqual(EMPTY_MANIFEST);
  });

  test('may begin with a byte order mark', () => {
    expect(parseManifest('\ufeff{"name":"a"}')).toMatchObject({
      ok: true,
      value: { manifest: { name: 'a' } },
    });
  });

  test('may be wrapped eight times, and not nine', () => {
    const wrapped = (times: number): JsonObject =>
      times === 0 ? { secrets: { allowed_names: ['deep'] } } : { capabilities: wrapped(times - 1) };
    expect(accepted(wrapped(8)).manifest.capabilities.secrets.allowedNames).toEqual(['deep']);
    expect(troublesOf(JSON.stringify(wrapped(9)))).toEqual([`$${'.capabilities'.repeat(9)}`]);
  });

  test('may spread its fields over the wrappers', () => {
    const { manifest } = accepted({
      description: 'outer',
      capabilities: { http: GITHUB.capabilities, capabilities: { workspace: { allowed_prefixes: ['a'] } } },
    });
    expect(manifest).toMatchObject({
      description: 'outer',
      capabilities: { workspace: { allowedPrefixes: ['a'] } },
    });
  });
});

describe('what does no harm', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{ fuel: 1 }, '$.fuel is not known and was ignored'],
    [{ secrets: { 'odd key': [] } }, '$.secrets["odd key"] is not known and was ignored'],
    [
      at({ type: 'header', name: 'X-Key', format: 'Bearer {secret}' }),
      `${CREDENTIAL}.location.format is not known and was ignored`,
    ],
    [
      { http: { allowlist: [{ host: 'a.example.com' }], timeout_secs: 9999 } },
      '$.http.timeout_secs is 9999; 300 is used instead, which is the limit',
    ],
    [{ http: {} }, '$.http lists no host to allow, so no request is allowed'],
    [{ tool_invoke: { aliases: {} } }, '$.tool_invoke names no tool, so none may be called'],
    [
      withCredential({ host_patterns: ['b.example.com'] }),
      `${CREDENTIAL} names b.example.com, which the allowlist does not: it is never sent there`,
    ],
    [{ description: 'x'.repeat(5000) }, '$.description has 5000 characters; it was cut to 4096'],
    [{ description: 'a\u001b[2Jb' }, '$.description holds control characters; they were removed'],
  ];

  test.each(cases)('is noted: %j', (manifest, note) => {
    expect(accepted(manifest).notes).toContain(note);
  });

  test('leaves the rest as it is', () => {
    const { capabilities, description } = accepted({
      description: 'x'.repeat(5000),
      http: { allowlist: [{ host: 'a.example.com' }], timeout_secs: 9999, max_request_bytes: 1e12 },
      tool_invoke: {},
    }).manifest;
    expect(description).toHaveLength(4096);
    expect(capabilities.http).toMatchObject({ timeoutMs: 300_000, maxRequestBytes: 1_048_576 });
    expect(capabilities.toolInvoke).toBeNull();
    expect(accepted({ description: 'a\u001b[2J\nb\u202e' }).manifest.description).toBe('a[2J\nb');
  });

  test('a credential is covered by a wildcard on either side', () => {
    const covered = (host: string, pattern: string) =>
      accepted({
        http: {
          allowlist: [{ host }],
          credentials: { k: { secret_name: 's', location: { type: 'bearer' }, host_patterns: [pattern] } },
        },
      }).notes.length === 0;
    expect(covered('*.example.com', 'a.example.com')).toBe(true);
    expect(covered('a.example.com', '*.example.com')).toBe(true);
    expect(covered('*.b.example.com', '*.example.com')).toBe(true);
    expect(covered('*.example.com', 'example.com')).toBe(false);
    expect(covered('*.ample.com', 'a.example.com')).toBe(false);
  });
});

describe('a mistake', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [[], '$'],
    ['text', '$'],
    [null, '$'],
    [{ capabilities: [] }, '$.capabilities'],
    [{ type: 'mcp' }, '$.type'],
    [{ type: 'tool', channel: {} }, '$.type'],
    [{ name: 'Upper' }, '$.name'],
    [{ name: 'a'.repeat(65) }, '$.name'],
    [{ name: 7 }, '$.name'],
    [{ description: ['text'] }, '$.description'],
    [{ version: '1 2' }, '$.version'],
    [{ sha256: 'ab' }, '$.sha256'],
    [{ config: [] }, '$.config'],
    [{ http: [] }, '$.http'],
    [{ http: { allowlist: {} } }, '$.http.allowlist'],
    [{ http: { allowlist: ['a.example.com'] } }, RULE],
    [{ http: { allowlist: [{}] } }, `${RULE}.host`],
    [{ http: { allowlist: Array(65).fill({ host: 'a.example.com' }) } }, '$.http.allowlist'],
    [rule({ host: 'https://a.example.com' }), `${RULE}.host`],
    [rule({ host: 'a.example.com/path' }), `${RULE}.host`],
    [rule({ host: 'a.example.com:8443' }), `${RULE}.host`],
    [rule({ host: 'a.example.com:443' }), `${RULE}.host`],
    [rule({ host: 'user@a.example.com' }), `${RULE}.host`],
    [rule({ host: '*' }), `${RULE}.host`],
    [rule({ host: '*.com' }), `${RULE}.host`],
    [rule({ host: '*.*.example.com' }), `${RULE}.host`],
    [rule({ host: 'a.*.com' }), `${RULE}.host`],
    [rule({ host: '*.1.1.1.1' }), `${RULE}.host`],
    [rule({ host: '' }), `${RULE}.host`],
    [rule({ host: ' a.example.com' }), `${RULE}.host`],
    [rule({ host: 'localhost' }), `${RULE}.host`],
    [rule({ host: 5 }), `${RULE}.host`],
    [rule({ path_prefix: 'v1' }), `${RULE}.path_prefix`],
    [rule({ path_prefix: '/v1?x' }), `${RULE}.path_prefix`],
    [rule({ path_prefix: '/v1#x' }), `${RULE}.path_prefix`],
    [rule({ path_prefix: '/%2fx' }), `${RULE}.path_prefix`],
    [rule({ path_prefix: '/%zz' }), `${RULE}.path_prefix`],
    [rule({ methods: 'GET' }), `${RULE}.methods`],
    [rule({ methods: ['GET', 'G T'] }), `${RULE}.methods[1]`],
    [rule({ methods: ['CONNECT'] }), `${RULE}.methods[0]`],
    [rule({ methods: [null] }), `${RULE}.methods[0]`],
    [{ http: { rate_limit: 5 } }, '$.http.rate_limit'],
    [{ http: { rate_limit: { requests_per_minute: 0 } } }, '$.http.rate_limit.requests_per_minute'],
    [{ http: { rate_limit: { requests_per_hour: 1.5 } } }, '$.http.rate_limit.requests_per_hour'],
    [{ http: { timeout_secs: -1 } }, '$.http.timeout_secs'],
    [{ http: { timeout_secs: '30' } }, '$.http.timeout_secs'],
    [{ http: { max_response_bytes: true } }, '$.http.max_response_bytes'],
    [{ http: { credentials: [] } }, '$.http.credentials'],
    [withCredential({ secret_name: null }), `${CREDENTIAL}.secret_name`],
    [withCredential({ secret_name: 'with space' }), `${CREDENTIAL}.secret_name`],
    [withCredential({ location: null }), `${CREDENTIAL}.location`],
    [withCredential({ location: 7 }), `${CREDENTIAL}.location`],
    [withCredential({ host_patterns: null }), `${CREDENTIAL}.host_patterns`],
    [withCredential({ host_patterns: [] }), `${CREDENTIAL}.host_patterns`],
    [withCredential({ host_patterns: ['*'] }), `${CREDENTIAL}.host_patterns[0]`],
    [withCredential({ path_patterns: ['v1'] }), `${CREDENTIAL}.path_patterns[0]`],
    [withCredential({ optional: 'yes' }), `${CREDENTIAL}.optional`],
    [at({}), `${CREDENTIAL}.location.type`],
    [at({ type: 'cookie' }), `${CREDENTIAL}.location.type`],
    [at({ type: 'basic' }), `${CREDENTIAL}.location.username`],
    [at({ type: 'basic', username: 'a:b' }), `${CREDENTIAL}.location.username`],
    [at({ type: 'header' }), `${CREDENTIAL}.location.name`],
    [at({ type: 'header', name: 'Host' }), `${CREDENTIAL}.location.name`],
    [at({ type: 'header', name: 'A\r\nB' }), `${CREDENTIAL}.location.name`],
    [at({ type: 'header', name: 'A', header_name: 'B' }), `${CREDENTIAL}.location.header_name`],
    [at({ type: 'header', name: 'A', prefix: 'x\n' }), `${CREDENTIAL}.location.prefix`],
    [at({ type: 'query_param', name: 'a&b' }), `${CREDENTIAL}.location.name`],
    [at({ type: 'url_path', placeholder: '{a b}' }), `${CREDENTIAL}.location.placeholder`],
    [at({ type: 'url_path', placeholder: '{A' }), `${CREDENTIAL}.location.placeholder`],
    [at({ type: 'url_path', placeholder: '' }), `${CREDENTIAL}.location.placeholder`],
    [{ http: { credentials: { 'a b': {} } } }, '$.http.credentials["a b"]'],
    [{ secrets: { allowed_names: 'x' } }, '$.secrets.allowed_names'],
    [{ secrets: { allowed_names: ['a?'] } }, '$.secrets.allowed_names[0]'],
    [{ secrets: { allowed_names: ['[ab]'] } }, '$.secrets.allowed_names[0]'],
    [{ tool_invoke: { aliases: { Search: 'x' } } }, '$.tool_invoke.aliases.Search'],
    [{ tool_invoke: { aliases: { a: 'X y' } } }, '$.tool_invoke.aliases.a'],
    [{ workspace: { allowed_prefixes: [''] } }, '$.workspace.allowed_prefixes[0]'],
    [{ workspace: { allowed_prefixes: ['/etc'] } }, '$.workspace.allowed_prefixes[0]'],
    [{ workspace: { allowed_prefixes: ['a/../b'] } }, '$.workspace.allowed_prefixes[0]'],
    [{ workspace: { allowed_prefixes: ['c:x'] } }, '$.workspace.allowed_prefixes[0]'],
    [{ workspace: { allowed_prefixes: ['a\\b'] } }, '$.workspace.allowed_prefixes[0]'],
    [{ webhook: { hmac_signature_header: 'a b' } }, '$.webhook.hmac_signature_header'],
    [{ webhook: {}, channel: { webhook: {} } }, '$.webhook'],
    [{ websocket: { url: 'ftp://x.example' } }, '$.websocket.url'],
    [{ websocket: { allowed_connect_hosts: ['*'] } }, '$.websocket.allowed_connect_hosts[0]'],
    [{ channel: { allowed_paths: ['/../x'] } }, '$.channel.allowed_paths[0]'],
    [{ auth: {} }, '$.auth.secret_name'],
    [{ auth: { secret_name: 's', setup_url: 'http://x.example' } }, '$.auth.setup_url'],
    [{ auth: { secret_name: 's', env_var: 'A B' } }, '$.auth.env_var'],
    [
      { auth: { secret_name: 's', oauth: { token_url: 'https://x.example' } } },
      '$.auth.oauth.authorization_url',
    ],
    [{ setup: { required_secrets: [{}] } }, '$.setup.required_secrets[0].name'],
    [
      { setup: { required_fields: [{ name: 'a', input_type: 'slider' }] } },
      '$.setup.required_fields[0].input_type',
    ],
    [{ name: 'a', capabilities: { name: 'b' } }, '$.capabilities.name'],
    [{ http: {}, capabilities: { http: {} } }, '$.capabilities.http'],
  ];

  test.each(cases)('is found where it stands: %j', (manifest, path) => {
    expect(troublesOf(JSON.stringify(manifest))).toEqual([path]);
  });

  test("in a credential's key is found after case is folded", () => {
    const one = { secret_name: 's', location: { type: 'bearer' }, host_patterns: ['a.example.com'] };
    const manifest = {
      http: { allowlist: [{ host: 'a.example.com' }], credentials: { key: one, KEY: one } },
    };
    expect(troublesOf(JSON.stringify(manifest))).toEqual(['$.http.credentials.KEY']);
  });

  test('does not hide the others', () => {
    const manifest = { name: 'A', http: { allowlist: [{ host: '*' }], timeout_secs: 0 }, secrets: 5 };
    expect([...troublesOf(JSON.stringify(manifest))].sort()).toEqual([
      '$.http.allowlist[0].host',
      '$.http.timeout_secs',
      '$.name',
      '$.secrets',
    ]);
  });

  test('is told of a hundred times at most', () => {
    const names = { allowed_names: Array(60).fill('?') };
    const workspace = { allowed_prefixes: Array(60).fill('/') };
    const text = JSON.stringify({ secrets: names, workspace });
    expect(troublesOf(text)).toHaveLength(101);
  });

  test('says what is allowed instead', () => {
    const parsed = parse(rule({ host: 'a.example.com:8443' }));
    expect(parsed).toMatchObject({ error: [{ message: expect.stringContaining('without a port') }] });
  });
});

describe('a text that is no manifest', () => {
  test.each([
    ['', 'line 1, column 1'],
    ['{\n  "name": }', 'line 2, column 11'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":1', 'line 1, column 7'],
    ['{"name":"a","name":"b"}', 'line 1, column 13'],
    ["{'a':1}", 'line 1, column 2'],
    ['{} x', 'line 1, column 4'],
  ])('is refused with its line and column: %j', (text, place) => {
    expect(parseManifest(text)).toMatchObject({
      error: [{ path: '$', message: expect.stringContaining(place) }],
    });
  });

  test('is refused beyond 1 MiB', () => {
    expect(parseManifest(`{"name":"a"}${' '.repeat(1024 * 1024)}`)).toMatchObject({
      error: [{ path: '$', message: expect.stringContaining('1048576 are allowed') }],
    });
  });

  test.each(['[', '{"a":'])('is refused when it is nested without end: %j', (opening) => {
    expect(parseManifest(opening.repeat(100_000))).toMatchObject({
      error: [{ message: expect.stringContaining('64 levels') }],
    });
  });
});

describe('keys that other languages of the house know', () => {
  test('are keys like any other', () => {
    const parsed = parseManifest(
      '{"__proto__":{"http":{}},"tool_invoke":{"aliases":{"__proto__":"a","constructor":"b"}},"config":{"__proto__":{"x":1}}}',
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const { toolInvoke } = parsed.value.manifest.capabilities;
    expect(Object.entries(toolInvoke?.aliases ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(toolInvoke?.aliases.toString).toBeUndefined();
    expect(parsed.value.manifest.config?.x).toBeUndefined();
    expect(JSON.stringify(parsed.value.manifest.config)).toBe('{"__proto__":{"x":1}}');
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

/** JSON whose keys are mostly those of a manifest, so that the readers are reached. */
const KEYS = [
  ...'capabilities http allowlist host path_prefix methods credentials secret_name location type prefix'.split(
    ' ',
  ),
  ...'host_patterns rate_limit secrets allowed_names tool_invoke aliases workspace allowed_prefixes'.split(
    ' ',
  ),
  ...'channel webhook websocket auth oauth setup required_secrets name config sha256 __proto__'.split(' '),
];

const manifestLike = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    fc.constantFrom('bearer', 'header', '*', 'a.example.com', '/v1', 'GET', null, true, 1, -1, 0.5, ''),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 6 }),
  ),
})).value;

describe('no text at all', () => {
  test('makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(typeof parseManifest(text).ok).toBe('boolean');
      }),
    );
  });

  test('that looks like a manifest makes it throw', () => {
    fc.assert(
      fc.property(manifestLike, (value) => {
        const parsed = parseManifest(JSON.stringify(value));
        if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
