import { once } from 'node:events';
import { get, request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { countedIds } from '../core/ids.ts';
import { createGateway } from './gateway.ts';
import { createMemoryAssistant } from './testing/memory-assistant.ts';
import { type RunningGateway, runGateway, TOKEN } from './testing/running-gateway.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Unlike `fetch`, sends any header, follows nothing and keeps no connection. */
function ask(
  { port }: RunningGateway,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      async (response) => {
        const chunks = await response.setEncoding('utf8').toArray();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: chunks.join('') });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const pathOf = (link: string) => link.slice(new URL(link).origin.length);

/** What a browser would send back. */
async function logIn(running: RunningGateway): Promise<string> {
  const { headers } = await ask(running, pathOf(running.gateway.loginLink()));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

describe('health', () => {
  test('is well as soon as it listens, and ready when the assistant is', async () => {
    await using running = await runGateway();
    running.assistant.ready = false;
    expect((await ask(running, '/healthz')).status).toBe(200);
    expect((await ask(running, '/readyz')).status).toBe(503);
    running.assistant.ready = true;
    expect((await ask(running, '/readyz')).status).toBe(200);
  });
});

describe('login', () => {
  test('trades a link for a cookie and leaves no code in the address', async () => {
    await using running = await runGateway();
    const { status, headers } = await ask(running, pathOf(running.gateway.loginLink()));
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(String(headers['set-cookie'])).toMatch(
      new RegExp(
        `^ironbark_session_${running.port}=[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`,
      ),
    );
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    expect((await ask(running, '/api/session', { headers: { cookie } })).status).toBe(204);
    expect((await ask(running, '/api/session')).status).toBe(401);
  });

  test('takes a link once', async () => {
    await using running = await runGateway();
    const path = pathOf(running.gateway.loginLink());
    expect((await ask(running, path)).status).toBe(303);
    const second = await ask(running, path);
    expect(second.status).toBe(401);
    expect(second.body).toContain('used before');
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('takes a link for ten minutes', async () => {
    await using running = await runGateway();
    const early = pathOf(running.gateway.loginLink());
    const late = pathOf(running.gateway.loginLink());
    running.advance(10 * 60_000 - 1);
    expect((await ask(running, early)).status).toBe(303);
    running.advance(1);
    expect((await ask(running, late)).status).toBe(401);
  });

  test('is not used up by a HEAD request or by an image of another page', async () => {
    await using running = await runGateway();
    const path = pathOf(running.gateway.loginLink());
    expect((await ask(running, path, { method: 'HEAD' })).status).toBe(405);
    expect((await ask(running, path, { headers: { 'sec-fetch-dest': 'image' } })).status).toBe(403);
    expect((await ask(running, path, { headers: { 'sec-fetch-dest': 'document' } })).status).toBe(303);
  });

  test('ends with the session: after 30 days, or by logging out', async () => {
    await using running = await runGateway();
    const [first, second] = [await logIn(running), await logIn(running)];
    await ask(running, '/logout', { method: 'POST', headers: { cookie: first } });
    expect((await ask(running, '/api/session', { headers: { cookie: first } })).status).toBe(401);
    expect((await ask(running, '/api/session', { headers: { cookie: second } })).status).toBe(204);
    running.advance(30 * 24 * 3600 * 1000);
    expect((await ask(running, '/api/session', { headers: { cookie: second } })).status).toBe(401);
  });

  test('looks at no further attempt after ten failures in a minute, also on loopback', async () => {
    await using running = await runGateway();
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await ask(running, `/login?code=wrong-${attempt}`)).status).toBe(401);
    }
    const refused = await ask(running, pathOf(running.gateway.loginLink()));
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect((await ask(running, '/api/session', { headers: bearer(TOKEN) })).status).toBe(429);
    running.advance(60_000);
    expect((await ask(running, '/api/session', { headers: bearer(TOKEN) })).status).toBe(204);
  });

  test('does not count a session that has ended as a failed attempt', async () => {
    await using running = await runGateway();
    const cookie = `ironbark_session_${running.port}=from-before-a-restart`;
    for (let attempt = 0; attempt < 20; attempt++)
      await ask(running, '/api/session', { headers: { cookie } });
    expect((await ask(running, '/api/session', { headers: bearer(TOKEN) })).status).toBe(204);
  });

  test('writes no token, code or cookie into the log', async () => {
    await using running = await runGateway();
    const link = running.gateway.loginLink();
    const { headers } = await ask(running, pathOf(link));
    await ask(running, '/api/session', { headers: bearer('wrong-token-of-a-stranger') });
    const log = JSON.stringify(running.logged);
    for (const secret of [
      TOKEN,
      'wrong-token-of-a-stranger',
      new URL(link).searchParams.get('code') ?? TOKEN,
    ]) {
      expect(log).not.toContain(secret);
    }
    expect(log).not.toContain(/=([\w-]{43});/.exec(String(headers['set-cookie']))?.[1] ?? TOKEN);
  });
});

describe('POST /api/login-link', () => {
  test('gives the bearer of the token a fresh link that works once', async () => {
    await using running = await runGateway();
    const links = [];
    for (let count = 0; count < 2; count++) {
      const answer = await ask(running, '/api/login-link', { method: 'POST', headers: bearer(TOKEN) });
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      links.push(String(JSON.parse(answer.body).link));
    }
    const [first = '', second = ''] = links;
    expect(first).toMatch(new RegExp(`^${running.url}/login\\?code=[\\w-]{43}$`));
    expect(first).not.toBe(second);
    expect((await ask(running, pathOf(first))).status).toBe(303);
    expect((await ask(running, pathOf(first))).status).toBe(401);
    expect((await ask(running, pathOf(second))).status).toBe(303);
  });

  test('gives none to anybody else, not even to a browser that is logged in', async () => {
    await using running = await runGateway();
    const cookie = await logIn(running);
    const post = (headers: Record<string, string>) =>
      ask(running, '/api/login-link', { method: 'POST', headers });
    expect((await post({})).status).toBe(401);
    expect((await post({ cookie })).status).toBe(401);
    expect((await post(bearer('a-token-that-is-long-enougH'))).status).toBe(401);
    expect((await post({ authorization: `Basic ${TOKEN}` })).status).toBe(401);
    expect((await post({ ...bearer(TOKEN), origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(running, '/api/login-link', { headers: bearer(TOKEN) })).status).toBe(405);
  });

  test('counts wrong tokens as failed logins', async () => {
    await using running = await runGateway();
    const post = (token: string) =>
      ask(running, '/api/login-link', { method: 'POST', headers: bearer(token) });
    for (let attempt = 0; attempt < 10; attempt++) expect((await post(`wrong-${attempt}`)).status).toBe(401);
    expect((await post(TOKEN)).status).toBe(429);
  });

  test('does not mind a body, as long as it is small', async () => {
    await using running = await runGateway();
    const post = (body: string) =>
      ask(running, '/api/login-link', {
        method: 'POST',
        headers: { ...bearer(TOKEN), 'content-type': 'application/json' },
        body,
      });
    expect((await post('')).status).toBe(200);
    expect((await post('{}')).status).toBe(200);
    expect((await post('x'.repeat(17 * 1024))).status).toBe(413);
  });
});

describe('names and origins', () => {
  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('answers as %s', async (name) => {
    await using running = await runGateway();
    const headers = { host: `${name}:${running.port}` };
    expect((await ask(running, '/healthz', { headers })).status).toBe(200);
  });

  test.each(['evil.example', 'localhost.evil.example', '192.0.2.1', 'user@localhost'])(
    'does not answer as %s, where a foreign name points here',
    async (name) => {
      await using running = await runGateway();
      const headers = { host: `${name}:${running.port}` };
      expect((await ask(running, '/healthz', { headers })).status).toBe(403);
    },
  );

  test('does not answer under another port', async () => {
    await using running = await runGateway();
    expect((await ask(running, '/healthz', { headers: { host: 'localhost:1' } })).status).toBe(403);
    expect((await ask(running, '/healthz', { headers: { host: 'localhost' } })).status).toBe(403);
  });

  test('lets its own page in and no other', async () => {
    await using running = await runGateway();
    const from = (origin: string) => ask(running, '/logout', { method: 'POST', headers: { origin } });
    expect((await from(running.url)).status).toBe(204);
    for (const origin of [
      'http://evil.example',
      'null',
      'http://127.0.0.1:1',
      running.url.replace('http', 'https'),
    ]) {
      expect((await from(origin)).status).toBe(403);
    }
  });
});

describe('pages', () => {
  test('come with a strict policy and an etag that saves the second transfer', async () => {
    await using running = await runGateway();
    const page = await ask(running, '/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none';/);
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const again = await ask(running, '/', { headers: { 'if-none-match': String(page.headers.etag) } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '//etc/passwd',
    '/%00',
    '/nothing.js',
  ])('are only those of the page, not %s', async (path) => {
    await using running = await runGateway();
    const { status, body } = await ask(running, path);
    expect([status, JSON.parse(body).error.code]).toEqual([404, 'not-found']);
  });

  test('every place of the page is the page, for who goes there and not for programs', async () => {
    await using running = await runGateway();
    const page = await ask(running, '/');
    const visit = (path: string) => ask(running, path, { headers: { accept: 'text/html,*/*;q=0.8' } });
    for (const path of ['/memory', '/settings/providers', '/chat/a.b', '/inspect?turn=1'])
      expect([(await visit(path)).status, (await visit(path)).body]).toEqual([200, page.body]);
    for (const path of ['/api/nothing', '/v1/nothing', '/nothing.js', '//etc/passwd'])
      expect((await visit(path)).status).not.toBe(200);
    expect((await ask(running, '/memory')).status).toBe(404);
  });

  test('files named by their content are kept for good, and sent compressed to who takes that', async () => {
    await using running = await runGateway();
    const script = /src="(\/assets\/[^"]+)"/.exec((await ask(running, '/')).body)?.[1] ?? '';
    const plain = await ask(running, script);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await ask(running, script, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(zipped.headers.etag).not.toBe(plain.headers.etag);
    const refused = await ask(running, script, { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
    expect((await ask(running, '/')).headers['cache-control']).toBe('no-cache');
  });

  test('are only got', async () => {
    await using running = await runGateway();
    const answer = await ask(running, '/', { method: 'POST' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET']);
    expect(JSON.parse(answer.body).error.code).toBe('method-not-allowed');
  });

  test('a broken address and a WebSocket address without an upgrade get a clear answer', async () => {
    await using running = await runGateway();
    expect((await ask(running, '/%zz')).status).toBe(400);
    expect((await ask(running, '/ws')).status).toBe(426);
  });
});

describe('starting', () => {
  test('a taken port is an error that says what to do', async () => {
    await using running = await runGateway();
    await expect(runGateway({ port: running.port })).rejects.toMatchObject({
      kind: 'address-in-use',
      message: `Port ${running.port} on 127.0.0.1 is taken.`,
      hint: expect.stringContaining('--port 0'),
    });
  });

  test('an address that other machines can reach is refused unless asked for', async () => {
    await expect(runGateway({ host: '0.0.0.0' })).rejects.toMatchObject({ kind: 'config' });
    await using running = await runGateway({ host: '0.0.0.0', allowRemote: true });
    expect(running.url).toBe(`http://127.0.0.1:${running.port}`);
    expect((await ask(running, '/healthz')).status).toBe(200);
  });

  test('localhost and IPv6 loopback work, also for WebSockets', async () => {
    for (const host of ['localhost', '::1']) {
      await using running = await runGateway({ host });
      const client = await running.connect();
      expect(client.welcome.version).toBe('1.2.3');
    }
  });

  test('a token that could be guessed is refused', () => {
    expect(() => createGateway({ ...UNSTARTED, token: 'short' })).toThrow(/shorter than 16/);
  });

  test('a page that is missing does not keep programs out', async () => {
    await using running = await runGateway({ publicDir: '/nonexistent/page' });
    expect((await ask(running, '/')).status).toBe(404);
    expect((await ask(running, '/healthz')).status).toBe(200);
    expect(running.logged).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('npm run build:web') }),
    );
  });
});

describe('rude clients', () => {
  test('one that never finishes its headers is cut off', async () => {
    await using running = await runGateway({ limits: { requestTimeoutMs: 20 } });
    const socket = connectTcp(running.port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: ');
    socket.resume();
    await once(socket, 'close');
    expect((await ask(running, '/healthz')).status).toBe(200);
  });

  test('one that sends garbage, or headers without end, disturbs nobody', async () => {
    await using running = await runGateway();
    for (const bytes of ['\u0016\u0003\u0001\u0000', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`]) {
      const socket = connectTcp(running.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    expect((await ask(running, '/healthz')).status).toBe(200);
  });

  test('one that keeps its connection open does not keep the gateway from stopping', async () => {
    const running = await runGateway();
    const asked = get(`${running.url}/healthz`, { headers: { connection: 'keep-alive' } });
    const [response] = await once(asked, 'response');
    response.resume();
    await running.gateway.stop();
  });
});

const UNSTARTED = {
  assistant: createMemoryAssistant({ clock: systemClock }),
  host: '127.0.0.1',
  port: 0,
  token: TOKEN,
  version: '1.2.3',
  publicDir: '.',
  clock: systemClock,
  ids: countedIds(),
  allowFaults: false,
  log: { info() {}, warn() {}, error() {} },
};
