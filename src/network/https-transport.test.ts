import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttpsTransport, type Destination, type OutgoingRequest } from './index.ts';
import { portOf, selfSigned, startHttpsServer } from './testing/https-server.ts';

/** `.invalid` never resolves (RFC 6761), so whoever reaches it was not asking a name server. */
const HOST = 'pinned.invalid';
const certificate = selfSigned(`DNS:${HOST}`, 'IP:127.0.0.1');
const foreign = selfSigned('DNS:other.invalid');

const cleanUps: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

interface Options {
  readonly certificate?: typeof certificate;
  readonly trust?: string;
}

async function stage(
  answer: RequestListener,
  { certificate: own = certificate, trust = own.cert }: Options = {},
) {
  const server = await startHttpsServer(own, answer);
  cleanUps.push(server.close);
  const transport = createHttpsTransport({ ca: trust, port: server.port, acceptsAddress: () => true });
  const send = (request: Partial<OutgoingRequest> = {}, to: Partial<Destination> = {}) =>
    transport.send(
      { method: 'GET', url: `https://${HOST}/a/b?c=d`, headers: [], body: undefined, ...request },
      {
        addresses: ['127.0.0.1'],
        maxResponseBytes: 100_000,
        timeoutMs: 20_000,
        signal: new AbortController().signal,
        ...to,
      },
    );
  return { ...server, send };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a request', () => {
  test('goes to the pinned address; host name and SNI stay those of the URL', async () => {
    const seen: unknown[] = [];
    const { send, server } = await stage(async (request, response) => {
      seen.push(request.method, request.url, request.headers.host, await textOf(request));
      response.end('answer');
    });
    server.once('secureConnection', (socket: TLSSocket & { servername?: unknown }) =>
      seen.push(socket.servername),
    );
    const result = await send({ method: 'PUT', body: new TextEncoder().encode('question') });
    expect(seen).toEqual([HOST, 'PUT', '/a/b?c=d', HOST, 'question']);
    expect(result).toMatchObject({ ok: true, value: { status: 200 } });
    if (result.ok) expect(new TextDecoder().decode(result.value.body)).toBe('answer');
  });

  test('to an address has no SNI and needs a certificate of that address', async () => {
    const { send } = await stage((_, response) => response.end('answer'));
    expect(await send({ url: 'https://127.0.0.1/' })).toMatchObject({ ok: true });
  });

  test('ignores the proxies of the environment', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    cleanUps.push(() => vi.unstubAllEnvs());
    const { send } = await stage((_, response) => response.end());
    expect(await send()).toMatchObject({ ok: true });
  });

  test('carries the headers of its caller, except those that only the sender may set', async () => {
    let raw: readonly string[] = [];
    const { send } = await stage((request, response) => {
      raw = request.rawHeaders;
      response.end();
    });
    await send({
      method: 'POST',
      body: new Uint8Array(3),
      headers: [
        ['X-One', '1'],
        ['x-one', '2'],
        ['HOST', 'evil.invalid'],
        ['Content-Length', '100'],
        ['transfer-encoding', 'chunked'],
        ['Connection', 'upgrade'],
        ['Upgrade', 'h2c'],
        ['Proxy-Authorization', 'x'],
        ['Accept-Encoding', 'gzip'],
        ['Expect', '100-continue'],
      ],
    });
    expect(raw).toEqual([
      ...['Host', HOST, 'X-One', '1', 'x-one', '2', 'User-Agent', 'Ironbark'],
      ...['Accept-Encoding', 'identity', 'Content-Length', '3', 'Connection', 'close'],
    ]);
  });

  test.each(['POST', 'PUT', 'PATCH'])('%s without body says that it has none', async (method) => {
    let length: string | undefined;
    const { send } = await stage((request, response) => {
      length = request.headers['content-length'];
      response.end();
    });
    await send({ method });
    expect(length).toBe('0');
  });

  test.each([
    [['X', 'a\r\nY: b']],
    [['X Y', 'a']],
    [['', 'a']],
    [['X', 'a\0']],
    [['Ü', 'a']],
    [['X', '\u{1f600}']],
  ] as const)('with the header %j is not sent, nor is the header repeated', async (header) => {
    const { send } = await stage((_, response) => response.end());
    const result = await send({ headers: [['A', 'b'], header] });
    expect(result).toEqual({
      ok: false,
      error: {
        rule: 'request-invalid',
        message: 'The header at position 1 is malformed.',
        requestSent: false,
      },
    });
  });

  test('is sent neither over http nor to a name', async () => {
    const { send } = await stage((_, response) => response.end());
    expect(await send({ url: `http://${HOST}/` })).toMatchObject({ error: { rule: 'request-invalid' } });
    expect(await send({}, { addresses: ['localhost'] })).toMatchObject({
      error: { rule: 'address-refused' },
    });
  });
});

describe('without word to the contrary', () => {
  test.each([['127.0.0.1'], ['1.1.1.1', '::1'], ['10.0.0.1'], ['169.254.169.254']])(
    'no connection is made when %s is among the addresses',
    async (...addresses) => {
      const { port } = await stage((_, response) => response.end());
      const transport = createHttpsTransport({ ca: certificate.cert, port });
      const result = await transport.send(
        { method: 'GET', url: `https://${HOST}/`, headers: [], body: undefined },
        { addresses, maxResponseBytes: 1, timeoutMs: 1000, signal: new AbortController().signal },
      );
      expect(result).toMatchObject({ ok: false, error: { rule: 'address-refused', requestSent: false } });
    },
  );
});

describe('the server', () => {
  test('must have a certificate of that name', async () => {
    const { send } = await stage((_, response) => response.end(), { certificate: foreign });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'tls', requestSent: false } });
  });

  test('must have a certificate that is trusted, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    cleanUps.push(() => vi.unstubAllEnvs());
    const { send } = await stage((_, response) => response.end(), { trust: foreign.cert });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'tls', requestSent: false } });
  });

  test.skipIf(process.platform !== 'linux')('is looked for at one address after the other', async () => {
    const { send } = await stage((_, response) => response.end());
    expect(await send({}, { addresses: ['127.0.0.2', '127.0.0.3', '127.0.0.1'] })).toMatchObject({
      ok: true,
    });
    expect(await send({}, { addresses: ['127.0.0.2', '127.0.0.3'] })).toEqual({
      ok: false,
      error: {
        rule: 'connection',
        message: `${HOST} could not be reached (ECONNREFUSED).`,
        requestSent: false,
      },
    });
  });

  test.skipIf(process.platform !== 'linux')(
    'that is silent does not use up the time of the next',
    async () => {
      const { send, port } = await stage((_, response) => response.end());
      const reached = Promise.withResolvers<Socket>();
      const silent = createTcpServer(reached.resolve).listen(port, '127.0.0.2');
      await once(silent, 'listening');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const result = send({}, { addresses: ['127.0.0.2', '127.0.0.1'] });
      const socket = await reached.promise;
      cleanUps.push(
        () => void socket.destroy(),
        () => void silent.close(),
      );
      vi.advanceTimersByTime(3_000);
      expect(await result).toMatchObject({ ok: true });
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test('that hangs up before the request is known to have seen nothing of it', async () => {
    const tcp = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    cleanUps.push(() => void tcp.close());
    const transport = createHttpsTransport({ port: portOf(tcp.address()), acceptsAddress: () => true });
    const result = await transport.send(
      { method: 'GET', url: `https://${HOST}/`, headers: [], body: undefined },
      {
        addresses: ['127.0.0.1'],
        maxResponseBytes: 1,
        timeoutMs: 9000,
        signal: new AbortController().signal,
      },
    );
    expect(result).toMatchObject({ ok: false, error: { rule: 'connection', requestSent: false } });
  });

  test('that hangs up afterwards may have acted on it', async () => {
    const { send } = await stage((request) => request.socket.destroy());
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'connection', requestSent: true } });
  });

  test('that hangs up amid the answer has not answered', async () => {
    const { send } = await stage((request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => request.socket.destroy());
    });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'connection', requestSent: true } });
  });

  test.each([
    ['no HTTP at all', 'hello, this is a mail server\r\n\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy'],
  ])('that speaks %s is not listened to', async (_, words) => {
    const { send } = await stage((request) => void request.socket.end(words));
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'response-invalid', requestSent: true } });
  });

  test('cannot change the protocol', async () => {
    const { send } = await stage(
      (request) =>
        void request.socket.end('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nrest'),
    );
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'response-invalid', requestSent: true } });
  });

  test('may put its answer off, but not for ever', async () => {
    const { send } = await stage((request) => {
      const times = request.url === '/few' ? 3 : 100;
      request.socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(times));
      request.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    expect(await send({ url: `https://${HOST}/few` })).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'response-invalid', requestSent: true } });
  });
});

describe('time', () => {
  test('runs out while single bytes drip in', async () => {
    const dripping = Promise.withResolvers<ServerResponse>();
    const { send } = await stage((_, response) => {
      response.write('a', () => dripping.resolve(response));
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const result = send({}, { timeoutMs: 5_000 });
    const response = await dripping.promise;
    vi.advanceTimersByTime(4_999);
    await new Promise<void>((resolve) => response.write('b', () => resolve()));
    vi.advanceTimersByTime(1);
    expect(await result).toEqual({
      ok: false,
      error: { rule: 'timeout', message: `${HOST} took longer than 5000 ms.`, requestSent: true },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('runs out during the handshake', async () => {
    const reached = Promise.withResolvers<Socket>();
    const tcp = createTcpServer(reached.resolve).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const transport = createHttpsTransport({ port: portOf(tcp.address()), acceptsAddress: () => true });
    const result = transport.send(
      { method: 'GET', url: `https://${HOST}/`, headers: [], body: undefined },
      {
        addresses: ['127.0.0.1'],
        maxResponseBytes: 1,
        timeoutMs: 9000,
        signal: new AbortController().signal,
      },
    );
    const socket = await reached.promise;
    cleanUps.push(
      () => socket.destroy(),
      () => void tcp.close(),
    );
    vi.advanceTimersByTime(9_000);
    expect(await result).toMatchObject({ ok: false, error: { rule: 'timeout', requestSent: false } });
  });

  test('ends when the caller gives up', async () => {
    const controller = new AbortController();
    const { send } = await stage(() => controller.abort());
    expect(await send({}, { signal: controller.signal })).toEqual({
      ok: false,
      error: { rule: 'cancelled', message: `The request to ${HOST} was cancelled.`, requestSent: true },
    });
  });

  test('does not begin for a caller that has given up already', async () => {
    let asked = 0;
    const { send } = await stage((_, response) => {
      asked++;
      response.end();
    });
    expect(await send({}, { signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
      error: { rule: 'cancelled', requestSent: false },
    });
    expect(asked).toBe(0);
  });
});

describe('the answer', () => {
  test('is a redirect where the server redirects', async () => {
    let asked = 0;
    const { send } = await stage((_, response) => {
      asked++;
      response.writeHead(302, { location: `https://${HOST}/elsewhere` }).end();
    });
    expect(await send()).toMatchObject({
      ok: true,
      value: { status: 302, headers: expect.arrayContaining([['location', `https://${HOST}/elsewhere`]]) },
    });
    expect(asked).toBe(1);
  });

  test('has no headers that concern the connection', async () => {
    const { send } = await stage((_, response) => {
      response.sendDate = false;
      response.writeHead(200, [
        ...['Connection', 'close, X-Hop', 'X-Hop', '1', 'Keep-Alive', 'timeout=5', 'Trailer', 'X-Late'],
        ...[
          'Proxy-Connection',
          'close',
          'Upgrade',
          'h2c',
          'Set-Cookie',
          'a',
          'Set-Cookie',
          'b',
          'X-End',
          '2',
        ],
      ]);
      response.end('answer');
    });
    expect(await send()).toMatchObject({
      ok: true,
      value: {
        headers: [
          ['set-cookie', 'a'],
          ['set-cookie', 'b'],
          ['x-end', '2'],
        ],
      },
    });
  });

  test('of HEAD, 204 and 304 has no body, whatever its headers say', async () => {
    const { send } = await stage((request, response) => {
      const status = Number(request.url?.slice(1)) || 200;
      response.writeHead(status, { 'content-encoding': 'gzip', etag: 'x' }).end();
    });
    for (const [method, path] of [
      ['HEAD', ''],
      ['GET', '204'],
      ['GET', '304'],
    ] as const) {
      const result = await send({ method, url: `https://${HOST}/${path}` });
      expect(result).toMatchObject({ ok: true, value: { body: new Uint8Array() } });
    }
  });

  test('may be exactly as large as allowed, and comes through unchanged', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 251);
    const { send } = await stage((_, response) => void response.end(bytes));
    const result = await send();
    expect(result.ok && Buffer.from(result.value.body).equals(bytes)).toBe(true);
  });

  test('that announces too much is not read', async () => {
    const { send } = await stage((_, response) => {
      response.writeHead(200, { 'content-length': '100001' }).write('a');
    });
    expect(await send()).toEqual({
      ok: false,
      error: {
        rule: 'too-large',
        message: `The answer of ${HOST} is larger than 100000 bytes.`,
        requestSent: true,
      },
    });
  });

  test('that never ends is cut off', async () => {
    const closed = Promise.withResolvers<void>();
    const { send } = await stage((_, response) => {
      const more = () => response.write(Buffer.alloc(10_000), more);
      more();
      response.once('close', closed.resolve);
    });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'too-large', requestSent: true } });
    await closed.promise;
  });

  test.each([
    ['single bytes', 1, 'response-invalid'],
    ['lines', 20, undefined],
  ])('in %s', async (_, size, rule) => {
    const piece = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
    const { send } = await stage((request) => {
      request.socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      request.socket.write(`${piece.repeat(30_000)}0\r\n\r\n`);
    });
    const result = await send({}, { maxResponseBytes: 1_000_000 });
    if (rule === undefined)
      expect(result).toMatchObject({ ok: true, value: { body: { length: 30_000 * size } } });
    else expect(result).toMatchObject({ ok: false, error: { rule } });
  });

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('packed with %s is unpacked', async (encoding, pack) => {
    const { send } = await stage((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('answer'));
    });
    const result = await send();
    expect(result).toMatchObject({ ok: true, value: { body: Uint8Array.from(Buffer.from('answer')) } });
    if (result.ok) expect(result.value.headers.map(([name]) => name)).not.toContain('content-encoding');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('that is small with %s and large without is cut off', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(8_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const { send } = await stage((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'too-large' } });
  });

  test.each([
    ['gzip', 'not gzip'],
    ['br', 'not brotli'],
    ['deflate', 'not deflate'],
    ['gzip', gzipSync('cut short').subarray(0, 15)],
    ['gzip, gzip', gzipSync(gzipSync('twice'))],
    ['compress', 'unknown'],
  ])('that is called %s and is not is refused', async (encoding, body) => {
    const { send } = await stage((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'encoding', requestSent: true } });
  });

  test('breaks off where the server hangs up amid what is packed', async () => {
    const { send } = await stage((request, response) => {
      const packed = gzipSync(Buffer.alloc(1000));
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(packed.length) })
        .write(packed.subarray(0, 15), () => request.socket.destroy());
    });
    expect(await send()).toMatchObject({ ok: false, error: { rule: 'connection' } });
  });
});
