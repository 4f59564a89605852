import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Capabilities,
  EMPTY_MANIFEST,
  grantedCapabilities,
  parseManifest,
  requestedItems,
} from './index.ts';
import { CHANNEL, EVERYTHING, GITHUB } from './testing/manifests.ts';

function capabilitiesOf(manifest: unknown): Capabilities {
  const parsed = parseManifest(JSON.stringify(manifest));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.manifest.capabilities;
}

const wordsOf = (manifest: unknown) => requestedItems(capabilitiesOf(manifest)).map(({ words }) => words);
const idsOf = (manifest: unknown) => requestedItems(capabilitiesOf(manifest)).map(({ id }) => id);
const credential = (location: unknown, more: object = {}) => ({
  http: {
    allowlist: [{ host: 'a.example.com' }],
    credentials: { k: { secret_name: 's', location, host_patterns: ['a.example.com'], ...more } },
  },
});

describe('what a manifest asks for', () => {
  test('is told in words', () => {
    expect(wordsOf(GITHUB)).toEqual([
      'Send requests of any kind to api.github.com',
      'Use your secret github_token as the Authorization header after "Bearer ", only to api.github.com',
      'See whether the secret github_token exists (never its value)',
      'See whether secrets named github_* exist (never their values)',
    ]);
    expect(wordsOf(EVERYTHING)).toEqual([
      'Send GET and POST requests to api.example.com under /v1/things',
      'Send requests of any kind to any host below example.org',
      'Use your secret A_KEY as the Authorization header, only to api.example.com',
      'Use your secret b as the password of the user "me", only to x.example.org, paths /v1/*',
      "Use your secret c as ak in the address's query, only to any host below example.org",
      'Use your secret d in place of {TOKEN} in the address, only to x.example.org',
      'Use your secret e as the Authorization header, only to x.example.org',
      'See whether secrets named github_* exist (never their values)',
      'Call the tool memory_search under the name search',
      'Read notes under projects/',
      'Read notes under notes.md',
    ]);
    expect(wordsOf(CHANNEL)).toEqual([
      'Send requests of any kind to api.example.com under /bot',
      'Receive requests from the internet, checked with your secret example_webhook_secret',
      expect.stringMatching(
        /^Keep a connection open to https:\/\/open\.example\.com and any host below example\.com/,
      ),
      'Bring in messages from outside, and answer them, sent to /webhook/example, fetched by itself, keeping notes under channels/example/, for good in state/threads',
    ]);
    expect(wordsOf({ secrets: { allowed_names: ['*'] } })).toEqual([
      'See whether any secrets exist (never their values)',
    ]);
  });

  test('has an id that the spelling does not change', () => {
    const one = { http: { allowlist: [{ host: 'A.example.com', methods: ['post', 'GET'] }] } };
    const other = {
      capabilities: {
        http: { allowlist: [{ methods: ['GET', 'POST'], path_prefix: '/', host: 'a.example.com' }] },
      },
    };
    expect(idsOf(one)).toEqual(idsOf(other));
  });

  test.each([
    [{ type: 'bearer' }, { type: 'header', name: 'Authorization' }, {}],
    [{ type: 'header', name: 'A' }, { type: 'header', name: 'A', prefix: 'x' }, {}],
    [{ type: 'bearer' }, { type: 'bearer' }, { secret_name: 't' }],
    [{ type: 'bearer' }, { type: 'bearer' }, { path_patterns: ['/v1'] }],
    [{ type: 'bearer' }, { type: 'bearer' }, { host_patterns: ['*.example.com'] }],
  ])('has another id where the power is another: %j, %j %j', (one, other, more) => {
    expect(idsOf(credential(one))[1]).not.toBe(idsOf(credential(other, more))[1]);
  });

  test('is told once, however often it stands there', () => {
    const rule = { host: 'a.example.com' };
    expect(idsOf({ http: { allowlist: [rule, rule] } })).toHaveLength(1);
  });

  test('changes with the settings of a connection', () => {
    expect(idsOf({ websocket: { app: 'a' } })).not.toEqual(idsOf({ websocket: { app: 'b' } }));
    expect(idsOf({ websocket: { a: 1, b: 2 } })).toEqual(idsOf({ websocket: { b: 2, a: 1 } }));
  });

  test('keeps its id from release to release, since approvals are stored under it', () => {
    expect(idsOf(GITHUB)).toEqual([
      'http:["api.github.com","/",[]]',
      'credential:["github_token",{"name":"Authorization","prefix":"Bearer ","type":"header"},["api.github.com"],[]]',
      'secret-exists:["github_token"]',
      'secret-exists:["github_*"]',
    ]);
  });
});

/** Manifests of a few hosts, names and paths, so that different ones often ask for the same. */
const host = fc.constantFrom('a.example.com', 'b.example.com', '*.example.com');
const name = fc.constantFrom('a', 'b', '__proto__');
const location = fc.constantFrom(
  { type: 'bearer' },
  { type: 'basic', username: 'u' },
  { type: 'header', name: 'X-Key' },
  { type: 'query', name: 'q' },
  { type: 'url_path', placeholder: '{T}' },
);
const optional = { requiredKeys: [] };
const capabilities = fc
  .record(
    {
      http: fc.record({
        allowlist: fc.array(
          fc.record({ host, path_prefix: fc.constantFrom('/', '/v1'), methods: fc.subarray(['GET', 'PUT']) }),
        ),
        credentials: fc.dictionary(
          name,
          fc.record({ secret_name: name, location, host_patterns: fc.array(host, { minLength: 1 }) }),
        ),
      }),
      secrets: fc.record({ allowed_names: fc.array(fc.constantFrom('a', 'a_*', '*')) }),
      tool_invoke: fc.record({ aliases: fc.dictionary(name, name) }),
      workspace: fc.record({ allowed_prefixes: fc.array(fc.constantFrom('a/', 'b')) }),
      webhook: fc.record({ secret_name: name }),
      websocket: fc.record({ url: fc.constant('wss://a.example.com'), more: fc.nat() }),
      channel: fc.record({ allow_polling: fc.boolean() }),
    },
    optional,
  )
  .map(capabilitiesOf);

const allIds = (of: Capabilities) => requestedItems(of).map(({ id }) => id);

describe('what is granted', () => {
  test('is nothing where nothing was approved', () => {
    fc.assert(
      fc.property(capabilities, (asked) => {
        expect(grantedCapabilities(asked, new Set())).toEqual(EMPTY_MANIFEST.capabilities);
      }),
    );
  });

  test('is everything where all was approved', () => {
    fc.assert(
      fc.property(capabilities, (asked) => {
        expect(grantedCapabilities(asked, new Set(allIds(asked)))).toEqual(asked);
      }),
    );
  });

  test('never asks for more than was approved, and loses nothing by a further approval', () => {
    const withIds = capabilities.chain((asked) => {
      const some = fc.subarray([...allIds(asked)]);
      return fc.tuple(fc.constant(asked), some, some);
    });
    fc.assert(
      fc.property(withIds, ([asked, some, more]) => {
        const granted = allIds(grantedCapabilities(asked, new Set(some)));
        const wider = allIds(grantedCapabilities(asked, new Set([...some, ...more])));
        expect(some).toEqual(expect.arrayContaining(granted));
        expect(wider).toEqual(expect.arrayContaining(granted));
      }),
    );
  });

  test('does not grow by what the manifest does not ask for', () => {
    const asked = capabilitiesOf(GITHUB);
    const foreign = new Set(idsOf(EVERYTHING).filter((id) => !allIds(asked).includes(id)));
    expect(grantedCapabilities(asked, foreign)).toEqual(EMPTY_MANIFEST.capabilities);
  });

  test('leaves a credential out that was not approved with its host', () => {
    const asked = capabilitiesOf(GITHUB);
    const [ruleId = ''] = allIds(asked);
    const granted = grantedCapabilities(asked, new Set([ruleId]));
    expect(granted.http).toMatchObject({ allowlist: [{ host: 'api.github.com' }], credentials: [] });
    expect(granted.secrets.allowedNames).toEqual([]);
  });
});
