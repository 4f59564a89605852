import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAuditLog } from '../src/audit/index.ts';
import { ok } from '../src/core/result.ts';
import type { Credential } from '../src/extensions/index.ts';
import type { OutgoingRequest } from '../src/network/index.ts';
import { createLeakDetector } from '../src/safety/index.ts';
import { environmentSecrets } from '../src/secrets/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { createLazyEgress } from './open-egress.ts';

const TOKEN: Credential = {
  key: 'token',
  secretName: 'token',
  location: { type: 'bearer' },
  hostPatterns: ['api.example.org'],
  pathPatterns: ['/v1/*'],
  optional: true,
};

async function openDoor(domains: string[]) {
  const database = await openMemoryDatabase();
  const clock = { now: () => 0 };
  const audit = createAuditLog(database, clock);
  const sent: OutgoingRequest[] = [];
  const settings = { domains, uploadBytes: 1_000_000, credentials: [TOKEN] };
  const egress = createLazyEgress({
    audit,
    database,
    clock,
    leaks: createLeakDetector(),
    knownReady: async () => {},
    secrets: environmentSecrets({ IRONBARK_SECRET_TOKEN: 'a-token-of-some-length' }),
    resolver: async () => ['93.184.216.34'],
    transport: {
      async send(request) {
        sent.push(request);
        return ok({ status: 200, headers: [], body: Buffer.from(JSON.stringify(request.headers)) });
      },
    },
    settings,
    onDefect: (thrown) => {
      throw thrown;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'door-'));
  const socketPath = join(folder, 'egress.sock');
  const open = () => egress.open({ socketPath, invocation: { kind: 'shell', id: 'talk' } });
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await database.close();
  });
  return { open, socketPath, sent, audit, database, settings };
}

function get(socketPath: string, url: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(socketPath);
  let got = '';
  socket.on('data', (piece) => {
    got += String(piece);
  });
  socket.once('close', () => resolve(got));
  socket.write(`GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`);
  return promise;
}

test('a credential goes to its host and its paths alone, is never seen inside, and its use is counted', async () => {
  const { open, socketPath, sent, audit, database } = await openDoor(['api.example.org', 'example.com']);
  const door = await open();
  const answer = await get(socketPath, 'http://api.example.org/v1/me');
  expect(answer).toContain('‹token›');
  expect(answer).not.toContain('a-token-of-some-length');
  expect(sent[0]?.headers).toContainEqual(['Authorization', 'Bearer a-token-of-some-length']);
  await get(socketPath, 'http://api.example.org/v2/me');
  await get(socketPath, 'http://example.com/v1/me');
  expect(JSON.stringify(sent.slice(1))).not.toContain('a-token-of-some-length');
  expect(await audit.latest({ limit: 9, tool: 'shell' })).toMatchObject([
    { kind: 'http.answered', detail: { host: 'example.com' } },
    { kind: 'http.answered', detail: { host: 'api.example.org', path: '/v2/me' } },
    { kind: 'http.answered', detail: { path: '/v1/me', credentials: ['token'], container: 'shell/talk' } },
  ]);
  const { rows } = await database.query('select name, tool, host, uses from secret_use');
  expect(rows).toMatchObject([{ name: 'token', tool: 'shell', host: 'api.example.org' }]);
  expect(await audit.verify()).toMatchObject({ ok: true });
  await door.close();
});

test('a change of the domains counts from the next request on', async () => {
  const { open, socketPath, settings } = await openDoor([]);
  const door = await open();
  expect(await get(socketPath, 'http://example.com/')).toContain('X-Ironbark-Rule: nothing-allowed');
  settings.domains.push('example.com');
  expect(await get(socketPath, 'http://example.com/')).toMatch(/ 200 OK/);
  await door.close();
});

test('no door is opened where the domains cannot be read', async () => {
  const { open } = await openDoor(['127.0.0.1']);
  await expect(open()).rejects.toThrow('Write a domain, not an address.');
});

test('a door that was left by an earlier process is opened anew', async () => {
  const { open, socketPath } = await openDoor(['example.com']);
  await open();
  const door = await open();
  expect(await get(socketPath, 'http://example.com/')).toMatch(/ 200 OK/);
  await door.close();
});
