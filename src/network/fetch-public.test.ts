import { afterEach, describe, expect, test, vi } from 'vitest';
import { ok } from '../core/result.ts';
import {
  type Destination,
  type FetchOptions,
  fetchPublic,
  type Header,
  type OutgoingRequest,
  type Resolver,
  type Transport,
  withoutSensitiveHeaders,
} from './index.ts';

afterEach(() => void vi.useRealTimers());

interface Sent {
  readonly request: OutgoingRequest;
  readonly to: Destination;
}

/** The world outside: hosts that redirect as told, and what reached them. */
function stage(redirects: Readonly<Record<string, string>> = {}, status = 302) {
  const sent: Sent[] = [];
  const resolved: string[] = [];
  const transport: Transport = {
    async send(request, to) {
      sent.push({ request, to });
      const location = redirects[request.url];
      const headers: readonly Header[] = location === undefined ? [] : [['location', location]];
      return ok({ status: location === undefined ? 200 : status, headers, body: new Uint8Array() });
    },
  };
  const resolver: Resolver = async (host) => {
    resolved.push(host);
    return host.startsWith('inside') ? ['10.0.0.1'] : ['93.184.216.34'];
  };
  const ask = (request: Partial<OutgoingRequest> = {}, options: Partial<FetchOptions> = {}) =>
    fetchPublic(
      { method: 'get', url: 'https://a.example', headers: [], body: undefined, ...request },
      {
        transport,
        resolver,
        maxResponseBytes: 1000,
        timeoutMs: 10_000,
        signal: new AbortController().signal,
        ...options,
      },
    );
  return { ask, sent, resolved };
}

describe('a public server', () => {
  test('is asked at the addresses that were checked, in the spelling that was checked', async () => {
    const { ask, sent } = stage();
    expect(await ask({ url: 'HTTPS://A.example/x/../y#z' })).toMatchObject({
      ok: true,
      value: { status: 200, url: 'https://a.example/y' },
    });
    expect(sent).toMatchObject([
      { request: { method: 'GET', url: 'https://a.example/y' }, to: { addresses: ['93.184.216.34'] } },
    ]);
  });

  test('cannot move inside by answering the name server differently a second time', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    let asked = 0;
    const { ask, sent } = stage();
    await ask({}, { resolver: async () => answers[asked++] ?? [] });
    expect(asked).toBe(1);
    expect(sent.map(({ to }) => to.addresses)).toEqual([['93.184.216.34']]);
  });

  test.each([
    ['http://a.example/', 'scheme'],
    ['https://inside.example/', 'private'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://0x7f.1/', 'loopback'],
    ['https://[::ffff:127.0.0.1]/', 'embedded-ipv4'],
    ['https://localhost/', 'host-invalid'],
    ['https://u@a.example/', 'userinfo'],
  ])('is not what %s leads to: %s', async (url, rule) => {
    const { ask, sent } = stage();
    expect(await ask({ url })).toMatchObject({ ok: false, error: { rule, requestSent: false } });
    expect(sent).toEqual([]);
  });

  test('outside of the rules is not resolved', async () => {
    const { ask, resolved } = stage();
    const rules = [{ host: 'b.example', pathPrefix: '/', methods: [] }];
    expect(await ask({}, { rules })).toMatchObject({ ok: false, error: { rule: 'host-not-allowed' } });
    expect(resolved).toEqual([]);
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    'with status %i is followed, also where it is relative',
    async (status) => {
      const { ask, sent, resolved } = stage(
        { 'https://a.example/': '/x?y', 'https://a.example/x?y': 'https://b.example' },
        status,
      );
      expect(await ask()).toMatchObject({ ok: true, value: { status: 200, url: 'https://b.example/' } });
      expect(sent.map(({ request }) => request.url)).toEqual([
        'https://a.example/',
        'https://a.example/x?y',
        'https://b.example/',
      ]);
      expect(resolved).toEqual(['a.example', 'a.example', 'b.example']);
    },
  );

  test.each([
    ['http://a.example/', 'scheme'],
    ['https://inside.example/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'metadata'],
    ['//127.0.0.1/', 'loopback'],
    ['https://[::1]/', 'loopback'],
    ['https://u:p@b.example/', 'userinfo'],
    ['https://b.example:8443/', 'port'],
    ['/%2e%2e%2fx', 'path-encoding'],
    ['file:///etc/passwd', 'scheme'],
    ['data:,x', 'scheme'],
  ])('to %s is not followed: %s', async (location, rule) => {
    const { ask, sent } = stage({ 'https://a.example/': location });
    expect(await ask()).toMatchObject({ ok: false, error: { rule, requestSent: true } });
    expect(sent).toHaveLength(1);
  });

  test('out of the rules is not followed', async () => {
    const { ask } = stage({ 'https://a.example/': 'https://b.example/' });
    const rules = [{ host: 'a.example', pathPrefix: '/', methods: [] }];
    expect(await ask({}, { rules })).toMatchObject({
      error: { rule: 'host-not-allowed', requestSent: true },
    });
  });

  test('is followed three times and no more', async () => {
    const circle = { 'https://a.example/': '/1', 'https://a.example/1': '/2', 'https://a.example/2': '/3' };
    expect(await stage(circle).ask()).toMatchObject({ ok: true, value: { url: 'https://a.example/3' } });
    const { ask, sent } = stage({ ...circle, 'https://a.example/3': '/' });
    expect(await ask()).toMatchObject({ ok: false, error: { rule: 'too-many-redirects' } });
    expect(sent).toHaveLength(4);
  });

  test.each<[string, Partial<OutgoingRequest>, Partial<FetchOptions>]>([
    ['another method', { method: 'POST' }, {}],
    ['a body', { body: new Uint8Array(1) }, {}],
    ['credentials in a header', { headers: [['Authorization', 'x']] }, {}],
    ['credentials in the query', {}, { credentialed: true }],
  ])('is not followed with %s', async (_, request, options) => {
    const { ask, sent } = stage({ 'https://a.example/': 'https://b.example/?code=s3cret' });
    const result = await ask(request, options);
    expect(result).toMatchObject({ ok: false, error: { rule: 'redirect-refused', requestSent: true } });
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(sent).toHaveLength(1);
  });

  test('without a place to go is an answer', async () => {
    const { ask } = stage({ 'https://a.example/': 'https://' });
    expect(await ask()).toMatchObject({ ok: true, value: { status: 302 } });
  });
});

describe('the time of a fetch', () => {
  test('includes resolving the name', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { ask } = stage();
    const result = ask({}, { resolver: () => new Promise(() => {}) });
    vi.advanceTimersByTime(10_000);
    expect(await result).toEqual({
      ok: false,
      error: { rule: 'timeout', message: 'There was no answer within 10000 ms.', requestSent: false },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends when the caller gives up', async () => {
    const { ask } = stage();
    expect(await ask({}, { signal: AbortSignal.abort() })).toMatchObject({ error: { rule: 'cancelled' } });
  });
});

test('headers with credentials are taken out, in whatever case', () => {
  const sensitive =
    `set-cookie Set-Cookie2 AUTHORIZATION www-authenticate Proxy-Authenticate proxy-authorization X-Api-Key
    x-auth-token authentication-info`.split(/\s+/);
  const plain: readonly Header[] = [
    ['content-type', 'text/plain'],
    ['x-api-version', '1'],
  ];
  const headers = [...sensitive.map((name): Header => [name, 'x']), ...plain];
  expect(withoutSensitiveHeaders(headers)).toEqual(plain);
});
