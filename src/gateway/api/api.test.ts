import { describe, expect, test } from 'vitest';
import { ask, askAsOwner } from '../testing/ask.ts';
import { type RunningGateway, runGateway } from '../testing/running-gateway.ts';

async function logIn(running: RunningGateway): Promise<string> {
  const link = running.gateway.loginLink();
  const { headers } = await ask(running, link.slice(new URL(link).origin.length));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

describe('the API', () => {
  test('describes itself, from the schemas that check what comes in', async () => {
    await using running = await runGateway();
    const { status, json } = await askAsOwner(running, '/api/openapi.json');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.2.3' },
      paths: {
        '/api/chat/send': {
          post: {
            tags: ['chat'],
            requestBody: {
              content: {
                'application/json': {
                  schema: { required: ['content'], properties: { thread_id: { type: 'string' } } },
                },
              },
            },
            responses: { 202: expect.anything(), '4XX': expect.anything() },
          },
        },
        '/api/chat/thread/{id}': { patch: { parameters: [{ in: 'path', name: 'id' }] } },
        '/api/chat/events': { get: { responses: { 200: { content: { 'text/event-stream': {} } } } } },
      },
    });
    expect((await ask(running, '/api/openapi.json')).status).toBe(401);
  });

  test('takes changes from a browser only where it says which page asks, and only from its own', async () => {
    await using running = await runGateway();
    const cookie = await logIn(running);
    const send = (headers: Record<string, string>) =>
      ask(running, '/api/chat/send', {
        method: 'POST',
        headers: { cookie, ...headers },
        body: { content: 'x' },
      });
    expect((await send({})).status).toBe(403);
    expect((await send({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await send({ origin: 'null' })).status).toBe(403);
    expect((await send({ origin: running.url, host: `evil.example:${running.port}` })).status).toBe(403);
    expect(running.assistant.inbox).toEqual([]);
    expect((await send({ origin: running.url })).status).toBe(202);
    expect((await ask(running, '/api/chat/threads', { headers: { cookie } })).status).toBe(200);
  });

  test('tells anybody that it lives', async () => {
    await using running = await runGateway();
    expect(await ask(running, '/api/health')).toMatchObject({
      status: 200,
      json: { status: 'healthy', channel: 'gateway' },
    });
  });

  test('knows what an address takes', async () => {
    await using running = await runGateway();
    expect(await askAsOwner(running, '/api/nothing')).toMatchObject({
      status: 404,
      json: { error: { code: 'not-found' } },
    });
    const wrong = await askAsOwner(running, '/api/chat/thread/a', { method: 'POST' });
    expect(wrong).toMatchObject({ status: 405, json: { error: { code: 'method-not-allowed' } } });
    expect(wrong.headers.allow).toBe('PATCH');
    expect((await askAsOwner(running, '/api/%zz')).status).toBe(400);
  });

  test('answers with the headers of the page: nothing kept, nothing inline, nothing foreign', async () => {
    await using running = await runGateway();
    for (const path of ['/api/session', '/api/nothing', '/api/chat/events']) {
      const { headers } = await ask(running, path);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).not.toMatch(/unsafe|https?:/);
    }
  });

  test('takes so many changes in a minute', async () => {
    await using running = await runGateway({ limits: { changesPerMinute: 2 } });
    const change = () => askAsOwner(running, '/api/chat/thread/new', { method: 'POST' });
    expect([(await change()).status, (await change()).status, (await change()).status]).toEqual([
      201, 201, 429,
    ]);
    expect((await askAsOwner(running, '/api/session')).status).toBe(204);
    running.advance(30_000);
    expect((await change()).status).toBe(201);
  });

  test('has only so much patience with those who are not logged in, also on loopback', async () => {
    await using running = await runGateway();
    for (let count = 0; count < 120; count++) expect((await ask(running, '/api/session')).status).toBe(401);
    const refused = await ask(running, '/api/session');
    expect(refused).toMatchObject({ status: 429, json: { error: { code: 'too-many-requests' } } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await askAsOwner(running, '/api/session')).status).toBe(204);
  });

  test('a body that never comes is given up', async () => {
    await using running = await runGateway({ limits: { requestTimeoutMs: 50 } });
    const { request } = await import('node:http');
    const headers = { authorization: 'Bearer a-token-that-is-long-enough', 'content-length': '100' };
    const asked = request(`${running.url}/api/chat/send`, { method: 'POST', headers });
    const status = await new Promise<number | undefined>((resolve) => {
      asked.on('response', (response) => resolve(response.statusCode));
      asked.on('error', () => resolve(undefined));
      asked.write('{"content"');
    });
    expect([408, undefined]).toContain(status);
    expect((await askAsOwner(running, '/api/session')).status).toBe(204);
  });
});
