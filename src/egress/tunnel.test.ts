import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { clientHello, extension } from './testing/hello.ts';
import {
  ALLOWED,
  connectRequest,
  FORBIDDEN,
  OTHER_ALLOWED,
  openStage,
  PUBLIC_ADDRESS,
  plainRequest,
  type Stage,
  VAULT_SECRET,
} from './testing/stage.ts';

/** Asks for a tunnel, and resolves with the connection as soon as it is there. */
async function tunnel(stage: Stage, authority: string): Promise<Socket> {
  const socket = stage.connect();
  socket.on('error', () => {});
  socket.write(connectRequest(authority));
  const [piece] = await once(socket, 'data');
  expect(String(piece)).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
  return socket;
}

/** What an https client would get through a tunnel. */
async function ask(stage: Stage, authority: string, servername: string): Promise<string> {
  const socket = connectTls({ socket: await tunnel(stage, authority), servername, ca: stage.ca });
  let got = '';
  socket.on('data', (piece) => {
    got += String(piece);
  });
  socket.write(`GET /x HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`);
  const [error] = await Promise.race([closed(socket).then(() => []), failure(socket)]);
  return error === undefined ? got : `error ${String(error)}`;
}

const failure = (socket: Socket): Promise<unknown[]> =>
  new Promise((resolve) => {
    socket.once('error', (error) => resolve([error.message]));
  });

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

/** Sends bytes as the first of a tunnel, and resolves with what comes back. */
async function say(stage: Stage, bytes: Buffer): Promise<Buffer> {
  const socket = await tunnel(stage, `${ALLOWED}:443`);
  const got: Buffer[] = [];
  socket.on('data', (piece) => got.push(Buffer.from(piece)));
  socket.write(bytes);
  await closed(socket);
  return Buffer.concat(got);
}

describe('a tunnel', () => {
  test('to an allowed host carries what both sides say, and is on record as it opens and ends', async () => {
    const stage = await openStage();
    expect(await ask(stage, `${ALLOWED}:443`, ALLOWED)).toMatch(/the answer/);
    expect(stage.asked).toEqual([`GET ${ALLOWED} /x `]);
    expect(stage.dialled).toEqual([PUBLIC_ADDRESS]);
    await expect.poll(() => stage.audit.length).toBe(2);
    expect(stage.audit).toMatchObject([
      { kind: 'http.opened', tool: 'job', detail: { container: 'job/job-1', host: ALLOWED } },
      {
        kind: 'http.answered',
        detail: { host: ALLOWED, upBytes: expect.any(Number), downBytes: expect.any(Number) },
      },
    ]);
    expect(stage.door.counts().upBytes).toBeGreaterThan(500);
  });

  test('to a sub-domain of an allowed one may be opened', async () => {
    const stage = await openStage();
    expect(await ask(stage, `${OTHER_ALLOWED}:443`, OTHER_ALLOWED)).toMatch(/the answer/);
  });

  test('ends with its door', async () => {
    const stage = await openStage();
    const socket = await tunnel(stage, `${ALLOWED}:443`);
    const gone = closed(socket);
    await stage.door.close();
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', detail: { host: ALLOWED } }]);
    await gone;
  });

  test('in which nothing moves is ended', async () => {
    const stage = await openStage({ limits: { idleMs: 50 } });
    const socket = connectTls({
      socket: await tunnel(stage, `${ALLOWED}:443`),
      servername: ALLOWED,
      ca: stage.ca,
    });
    socket.on('error', () => {});
    await closed(socket);
    await expect.poll(() => stage.audit.at(-1)).toMatchObject({ kind: 'http.failed', rule: 'tunnel-idle' });
  });

  test('in which nothing is said is ended', async () => {
    const stage = await openStage({ limits: { headMs: 50 } });
    const socket = await tunnel(stage, `${ALLOWED}:443`);
    await closed(socket);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule: 'request-too-slow' }]);
  });

  test('that sends more than the container may is cut', async () => {
    const stage = await openStage({ limits: { uploadBytes: 50_000 } });
    const socket = connectTls({
      socket: await tunnel(stage, `${ALLOWED}:443`),
      servername: ALLOWED,
      ca: stage.ca,
    });
    socket.on('error', () => {});
    socket.write(
      `POST /x HTTP/1.1\r\nHost: ${ALLOWED}\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
    );
    await closed(socket);
    await expect.poll(() => stage.audit.at(-1)).toMatchObject({ kind: 'http.failed', rule: 'upload-limit' });
    expect(stage.door.counts().upBytes).toBeLessThanOrEqual(50_000);
    expect(stage.asked).toEqual([]);
    expect(await stage.talk(plainRequest(`http://${ALLOWED}/`))).toContain(
      'X-Ironbark-Rule: upload-limit\r\n',
    );
  });

  test('is not opened where it cannot be recorded', async () => {
    const stage = await openStage({
      audit: {
        write: async () => {
          throw new Error('the disk is full');
        },
      },
    });
    await say(stage, clientHello({ names: [ALLOWED] }));
    expect(stage.defects).toHaveLength(1);
    expect(stage.asked).toEqual([]);
    expect(stage.door.counts().upBytes).toBe(0);
  });

  test('to a host that cannot be reached is answered with that', async () => {
    const stage = await openStage({
      resolver: async () => {
        throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
      },
    });
    expect(await stage.talk(connectRequest(`${ALLOWED}:443`))).toMatch(/^HTTP\/1\.1 502 /);
    expect(stage.audit).toMatchObject([
      { kind: 'http.refused', rule: 'name-not-found', detail: { host: ALLOWED } },
    ]);
  });
});

describe('no tunnel is opened', () => {
  test.each<[what: string, rule: string, authority: string, headers?: readonly string[]]>([
    ['to another host', 'host-not-allowed', `${FORBIDDEN}:443`],
    ['to the domain above a wildcard', 'host-not-allowed', 'wild.example:443'],
    ['by a name that is a secret', 'leak-in-request', `${VAULT_SECRET}.wild.example:443`],
    ['to port 22', 'port', `${ALLOWED}:22`],
    ['to port 80', 'port', `${ALLOWED}:80`],
    ['to the metadata service', 'host-not-allowed', '169.254.169.254:443'],
    ['to this machine', 'host-invalid', 'localhost:443'],
    ['to a decimal address', 'host-not-allowed', '2130706433:443'],
    ['to an octal address', 'host-not-allowed', '0177.0.0.1:443'],
    ['to a hexadecimal address', 'host-not-allowed', '0x7f000001:443'],
    ['to a mapped address', 'host-not-allowed', '[::ffff:127.0.0.1]:443'],
    ['to a host with a dot at its end', 'host-invalid', `${ALLOWED}.:443`],
    ['with a user', 'url-invalid', `user@${ALLOWED}:443`],
    ['with a path', 'url-invalid', `${ALLOWED}:443/../x`],
    ['without a port', 'url-invalid', ALLOWED],
  ])('%s: %s', async (_, rule, authority) => {
    const stage = await openStage();
    const answer = await stage.talk(`CONNECT ${authority} HTTP/1.1\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4/);
    expect(answer).toMatch(new RegExp(`X-Ironbark-Rule: (${rule}|request-malformed)\r\n`));
    expect(stage.dialled).toEqual([]);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule: expect.stringMatching(/./) }]);
    expect(JSON.stringify(stage.audit)).not.toContain(VAULT_SECRET);
  });

  test('whose Host header names another host', async () => {
    const stage = await openStage();
    const answer = await stage.talk(`CONNECT ${ALLOWED}:443 HTTP/1.1\r\nHost: ${FORBIDDEN}:443\r\n\r\n`);
    expect(answer).toContain('X-Ironbark-Rule: host-mismatch\r\n');
    expect(stage.dialled).toEqual([]);
  });

  test.each([
    ['127.0.0.1', 'loopback'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'embedded-ipv4'],
  ])('to an allowed name that resolves to %s', async (address, rule) => {
    const stage = await openStage({ addresses: [PUBLIC_ADDRESS, address] });
    expect(await stage.talk(connectRequest(`${ALLOWED}:443`))).toContain(`X-Ironbark-Rule: ${rule}\r\n`);
    expect(stage.dialled).toEqual([]);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule }]);
  });

  test('to another address than the one that was checked, whatever the name server says next', async () => {
    let asked = 0;
    const stage = await openStage({ resolver: async () => [asked++ === 0 ? PUBLIC_ADDRESS : '127.0.0.1'] });
    expect(await ask(stage, `${ALLOWED}:443`, ALLOWED)).toMatch(/the answer/);
    expect({ asked, dialled: stage.dialled }).toEqual({ asked: 1, dialled: [PUBLIC_ADDRESS] });
  });
});

describe('nothing goes through a tunnel', () => {
  test.each<[what: string, rule: string, bytes: Buffer]>([
    ['for another host', 'sni-mismatch', clientHello({ names: [FORBIDDEN] })],
    ['for another host that may be asked as well', 'sni-mismatch', clientHello({ names: [OTHER_ALLOWED] })],
    ['for nobody', 'sni-missing', clientHello()],
    ['for two', 'not-tls', clientHello({ names: [ALLOWED, FORBIDDEN] })],
    [
      'with a hidden hello',
      'sni-hidden',
      clientHello({ names: [ALLOWED], extensions: [extension(0xfe0d, Buffer.alloc(9))] }),
    ],
    ['that is HTTP', 'not-tls', Buffer.from(`GET / HTTP/1.1\r\nHost: ${ALLOWED}\r\n\r\n`)],
    ['that is SSH', 'not-tls', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['in pieces, for another host', 'sni-mismatch', clientHello({ names: [FORBIDDEN], recordBytes: 20 })],
  ])('%s: %s', async (_, rule, bytes) => {
    const stage = await openStage();
    expect([...(await say(stage, bytes))]).toEqual([0x15, 3, 1, 0, 2, 2, 49]);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule, detail: { host: ALLOWED } }]);
    expect(stage.asked).toEqual([]);
    expect(stage.door.counts()).toMatchObject({ refused: 1, upBytes: 0 });
  });

  test('of a real client that asks for another host, which hears of it as a TLS client does', async () => {
    const stage = await openStage();
    expect(await ask(stage, `${ALLOWED}:443`, FORBIDDEN)).toMatch(/^error .*access denied/);
  });
});
