import { describe, expect, test } from 'vitest';
import { ok } from '../core/result.ts';
import { ALLOWED, FORBIDDEN, openStage, plainRequest, VAULT_SECRET } from './testing/stage.ts';

const rulesOf = (audit: readonly { readonly kind: string; readonly rule?: string | undefined }[]) =>
  audit.map(({ kind, rule }) => (rule === undefined ? kind : `${kind} ${rule}`));

describe('a plain request', () => {
  test('to an allowed host leaves as https, and is on record', async () => {
    const stage = await openStage();
    const answer = await stage.talk(
      plainRequest(`http://${ALLOWED}/a?b=c`, { method: 'POST', body: 'hello' }),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/the answer$/);
    expect(stage.asked).toEqual([`POST ${ALLOWED} /a?b=c hello`]);
    expect(stage.audit).toMatchObject([
      {
        kind: 'http.answered',
        tool: 'job',
        effectId: 'job/job-1',
        detail: { container: 'job/job-1', method: 'POST', host: ALLOWED, path: '/a', status: 200 },
      },
    ]);
    expect(stage.door.counts()).toMatchObject({ answered: 1, refused: 0, downBytes: 10 });
  });

  test('comes with none of the headers that were for the proxy', async () => {
    const stage = await openStage({
      answer: (request, response) => response.end(JSON.stringify(request.headers)),
    });
    const headers = [
      'Proxy-Authorization: Basic x',
      'X-Hop: 1',
      'Connection: x-hop',
      'TE: trailers',
      'X-End: 2',
    ];
    const answer = await stage.talk(plainRequest(`http://${ALLOWED}/`, { headers }));
    expect(answer).toContain('"x-end":"2"');
    expect(answer).not.toMatch(/proxy-authorization|x-hop|trailers/);
  });

  test('is answered without what hands out credentials, and without secrets in the body', async () => {
    const stage = await openStage({
      answer: (_, response) => response.setHeader('Set-Cookie', 'a=b').end(`key: ${VAULT_SECRET}`),
    });
    const answer = await stage.talk(plainRequest(`http://${ALLOWED}/`));
    expect(answer).not.toMatch(/set-cookie/i);
    expect(answer).toContain('[REDACTED:');
    expect(answer).not.toContain(VAULT_SECRET);
  });

  test('that is redirected leaves it to the client to follow', async () => {
    const stage = await openStage({
      answer: (_, response) => response.writeHead(302, { Location: `https://${FORBIDDEN}/` }).end(),
    });
    expect(await stage.talk(plainRequest(`http://${ALLOWED}/`))).toMatch(/^HTTP\/1\.1 302 /);
    expect(stage.asked).toHaveLength(1);
  });

  test('gets credentials after it was looked through, and gives them back to nobody', async () => {
    const stage = await openStage({
      seal: async (request) =>
        ok({
          credentials: ['token'],
          open: () => ({ ...request, headers: [...request.headers, ['X-Token', VAULT_SECRET] as const] }),
          scrub: (text) => text.replaceAll(VAULT_SECRET, '‹token›'),
          scrubBytes: async (body) =>
            Buffer.from(Buffer.from(body).toString().replaceAll(VAULT_SECRET, '‹token›')),
        }),
      answer: (request, response) => response.end(`you sent ${request.headers['x-token']}`),
    });
    const answer = await stage.talk(plainRequest(`http://${ALLOWED}/`));
    expect(answer).not.toContain(VAULT_SECRET);
    expect(answer).toContain('you sent ');
    expect(stage.audit).toMatchObject([{ detail: { credentials: ['token'] } }]);
  });

  test('waits for the secrets to be known before it is judged', async () => {
    const order: string[] = [];
    const stage = await openStage({
      knownReady: async () => void order.push('known'),
      resolver: async () => {
        order.push('resolved');
        return ['93.184.216.34'];
      },
    });
    await stage.talk(plainRequest(`http://${ALLOWED}/`));
    expect(order).toEqual(['known', 'resolved']);
  });

  test('over a connection that is kept goes on', async () => {
    const stage = await openStage();
    const head = `GET http://${ALLOWED}/1 HTTP/1.1\r\nHost: ${ALLOWED}\r\n\r\n`;
    const answer = await stage.talk(head, plainRequest(`http://${ALLOWED}/2`));
    expect(stage.asked.toSorted()).toEqual([`GET ${ALLOWED} /1 `, `GET ${ALLOWED} /2 `]);
    expect(answer.match(/the answer/g)).toHaveLength(2);
  });

  test('whose answer cannot be recorded is not answered', async () => {
    const stage = await openStage({
      audit: {
        write: async () => {
          throw new Error('the disk is full');
        },
      },
    });
    const answer = await stage.talk(plainRequest(`http://${ALLOWED}/`));
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).not.toContain('the answer');
    expect(stage.defects).toHaveLength(1);
  });
});

describe('refused before anything leaves is', () => {
  const secret = Buffer.from(VAULT_SECRET);
  const key = 'ghp_x7Kq2mNv9RtYb4LpZs8WdHf3JcGe6TuAoXi5';
  const post = (body: string) => plainRequest(`http://${ALLOWED}/`, { method: 'POST', body });
  const from = (head: string) => [head, `Host: ${ALLOWED}`, '', ''].join('\r\n');
  test.each<[what: string, rule: string, request: string]>([
    ['another host', 'host-not-allowed', plainRequest(`http://${FORBIDDEN}/`)],
    ['a public address', 'host-not-allowed', plainRequest('http://93.184.216.34/')],
    ['this machine', 'host-not-allowed', plainRequest('http://127.0.0.1/')],
    ['a decimal address', 'host-not-allowed', plainRequest('http://2130706433/')],
    ['an octal address', 'host-not-allowed', plainRequest('http://0177.0.0.1/')],
    ['a hexadecimal address', 'host-not-allowed', plainRequest('http://0x7f.1/')],
    ['a mapped address', 'host-not-allowed', plainRequest('http://[::ffff:127.0.0.1]/')],
    ['the metadata service', 'host-not-allowed', plainRequest('http://169.254.169.254/latest/meta-data/')],
    ['another port', 'port', plainRequest(`http://${ALLOWED}:8080/`)],
    ['a user in the URL', 'userinfo', plainRequest(`http://x:y@${ALLOWED}/`)],
    ['an allowed host as user of another', 'userinfo', plainRequest(`http://${ALLOWED}@${FORBIDDEN}/`)],
    ['a socket', 'request-malformed', from('GET unix:/run/ironbark/orchestrator.sock HTTP/1.1')],
    ['a file', 'scheme', from('GET file:///etc/passwd HTTP/1.1')],
    ['no whole URL', 'not-a-proxy-request', from('GET / HTTP/1.1')],
    [
      'another host in Host',
      'host-mismatch',
      `GET http://${ALLOWED}/ HTTP/1.1\r\nHost: ${FORBIDDEN}\r\n\r\n`,
    ],
    [
      'two hosts in Host',
      'host-mismatch',
      `GET http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nHost: ${FORBIDDEN}\r\n\r\n`,
    ],
    ['a path that climbs', 'path-encoding', plainRequest(`http://${ALLOWED}/a/..%2fb`)],
    ['TRACE', 'method-invalid', plainRequest(`http://${ALLOWED}/`, { method: 'TRACE' })],
    ['a secret as a host', 'host-not-allowed', plainRequest(`http://${VAULT_SECRET}.${FORBIDDEN}/`)],
    ['a secret in the URL', 'leak-in-request', plainRequest(`http://${ALLOWED}/?k=${VAULT_SECRET}`)],
    ['a secret in the path', 'leak-in-request', plainRequest(`http://${ALLOWED}/${VAULT_SECRET}`)],
    [
      'a secret in a header',
      'leak-in-request',
      plainRequest(`http://${ALLOWED}/`, { headers: [`X-K: ${VAULT_SECRET}`] }),
    ],
    ['a secret in the body', 'leak-in-request', post(`a=${VAULT_SECRET}`)],
    ['a secret in base64', 'leak-in-request', post(secret.toString('base64'))],
    ['a secret in hexadecimal', 'leak-in-request', post(secret.toString('hex'))],
    ["somebody's key in the body", 'leak-in-request', post(`token ${key}`)],
    [
      'a packed body',
      'encoding',
      plainRequest(`http://${ALLOWED}/`, { method: 'POST', body: 'x', headers: ['Content-Encoding: gzip'] }),
    ],
    ['a body that is too large', 'request-too-large', post('x'.repeat(1024 * 1024 + 1))],
    [
      'a head that is too long',
      'headers-too-large',
      plainRequest(`http://${ALLOWED}/`, { headers: [`X: ${'y'.repeat(20_000)}`] }),
    ],
    [
      'two lengths for one body',
      'request-malformed',
      `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX`,
    ],
    [
      'two Content-Lengths',
      'request-malformed',
      `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nXY`,
    ],
    [
      'a header that is folded',
      'request-malformed',
      `GET http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nX-A: b\r\n c\r\n\r\n`,
    ],
    [
      'a broken chunk',
      'request-malformed',
      `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    ],
    [
      'an unknown coding',
      'request-malformed',
      `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a space before the colon',
      'request-malformed',
      `GET http://${ALLOWED}/ HTTP/1.1\r\nHost : ${ALLOWED}\r\n\r\n`,
    ],
    ['no HTTP at all', 'request-malformed', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ])('%s: %s', async (_, rule, request) => {
    const stage = await openStage();
    const answer = await stage.talk(request);
    expect({
      asked: stage.asked,
      sent: stage.sent,
      dialled: stage.dialled,
      resolved: stage.resolved,
    }).toEqual({
      asked: [],
      sent: [],
      dialled: [],
      resolved: [],
    });
    expect(answer).toContain(`X-Ironbark-Rule: ${rule}\r\n`);
    expect(rulesOf(stage.audit)).toEqual([`http.refused ${rule}`]);
    expect(JSON.stringify(stage.audit)).not.toContain(VAULT_SECRET);
  });

  test.each([
    ['127.0.0.1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:10.0.0.1', 'embedded-ipv4'],
    ['fd00:ec2::254', 'metadata'],
  ])('an allowed name that resolves to %s', async (address, rule) => {
    const stage = await openStage({ addresses: ['93.184.216.34', address] });
    expect(await stage.talk(plainRequest(`http://${ALLOWED}/`))).toContain(`X-Ironbark-Rule: ${rule}\r\n`);
    expect(stage.sent).toEqual([]);
    expect(rulesOf(stage.audit)).toEqual([`http.refused ${rule}`]);
  });

  test('everything, where nothing is allowed', async () => {
    const stage = await openStage({ allow: () => [] });
    expect(await stage.talk(plainRequest(`http://${ALLOWED}/`))).toContain(
      'X-Ironbark-Rule: nothing-allowed\r\n',
    );
  });
});

describe('too much', () => {
  test('in bytes ends with the door', async () => {
    const stage = await openStage({ limits: { uploadBytes: 1_000 } });
    const body = 'x'.repeat(700);
    const once = plainRequest(`http://${ALLOWED}/`, { method: 'POST', body });
    expect(await stage.talk(once)).toMatch(/ 200 /);
    expect(await stage.talk(once)).toContain('X-Ironbark-Rule: upload-limit\r\n');
    expect(await stage.talk(plainRequest(`http://${ALLOWED}/`))).toContain(
      'X-Ironbark-Rule: upload-limit\r\n',
    );
    expect(stage.asked).toHaveLength(1);
  });

  test('in requests is refused, and does not fill the log', async () => {
    const stage = await openStage({ limits: { rate: { perMinute: 2, perHour: 100 } } });
    for (let at = 0; at < 20; at++) await stage.talk(plainRequest(`http://${FORBIDDEN}/`));
    await stage.talk('garbage\r\n\r\n');
    expect(rulesOf(stage.audit)).toEqual([
      'http.refused host-not-allowed',
      'http.refused host-not-allowed',
      'http.refused http-rate',
    ]);
    await stage.door.close();
    expect(stage.audit.at(-1)).toMatchObject({ rule: 'http-rate', detail: { requests: 18 } });
  });

  test('in time: a head that drips is cut off', async () => {
    const stage = await openStage({ limits: { headMs: 100 } });
    const answer = await stage.talk(`GET http://${ALLOWED}/ HTTP/1.1\r\nHost: `);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(rulesOf(stage.audit)).toEqual(['http.refused request-too-slow']);
  });

  test('in words: a body that breaks off is refused, and nothing of it leaves', async () => {
    const stage = await openStage();
    const socket = stage.connect();
    socket.on('error', () => {});
    socket.write(`POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nContent-Length: 9\r\n\r\nabc`, () =>
      socket.destroy(),
    );
    await expect.poll(() => rulesOf(stage.audit)).toEqual(['http.refused request-malformed']);
    expect({ sent: stage.sent, defects: stage.defects }).toEqual({ sent: [], defects: [] });
  });

  test('in pieces: a body of crumbs', async () => {
    const stage = await openStage();
    const head = `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await stage.talk(head, '1\r\nx\r\n'.repeat(5_000), '0\r\n\r\n');
    expect(answer).toContain('X-Ironbark-Rule: request-malformed\r\n');
    expect(stage.asked).toEqual([]);
  });
});
