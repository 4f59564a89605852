import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileScope, type FileScope } from './index.ts';
import { isSensitive } from './sensitive-paths.ts';

let base: string;
let scope: FileScope;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'ironbark-scope-')));
  for (const folder of ['root/sub', 'root/data/files', 'outside', 'temporary', 'home'])
    await mkdir(join(base, folder), { recursive: true });
  await writeFile(join(base, 'outside/secret.txt'), 'secret');
  await writeFile(join(base, 'root/sub/file.txt'), 'text');
  await symlink(join(base, 'outside'), join(base, 'root/out'));
  await symlink(join(base, 'outside/secret.txt'), join(base, 'root/sub/link.txt'));
  await symlink('sub', join(base, 'root/in'));
  await symlink(join(base, 'outside/none'), join(base, 'root/broken'));
  await symlink('loop', join(base, 'root/loop'));
  await symlink(join(base, 'root'), join(base, 'root-link'));
  scope = createFileScope({
    root: join(base, 'root-link'),
    home: join(base, 'home'),
    temporary: [join(base, 'temporary')],
    forbidden: [join(base, 'root/data')],
  });
});
afterAll(() => rm(base, { recursive: true }));

const placeOf = async (path: string): Promise<string | undefined> => {
  const place = await scope.resolve(path.replace('BASE', base));
  return place.ok ? place.value.slice(base.length + 1) : undefined;
};

describe('inside', () => {
  test.each([
    ['sub/file.txt', 'root/sub/file.txt'],
    ['.', 'root'],
    ['sub/../sub/./file.txt', 'root/sub/file.txt'],
    ['in/file.txt', 'root/sub/file.txt'],
    ['new/folder/file.txt', 'root/new/folder/file.txt'],
    ['in/new.txt', 'root/sub/new.txt'],
    ['BASE/root/sub/file.txt', 'root/sub/file.txt'],
    ['BASE/temporary/x', 'temporary/x'],
    ['..data', 'root/..data'],
    ['100%25.txt', 'root/100%25.txt'],
    ['~file', 'root/~file'],
  ])('%s leads to %s', async (path, place) => expect(await placeOf(path)).toBe(place));
});

describe('outside', () => {
  test.each([
    '..',
    '../outside/secret.txt',
    'sub/../../outside/secret.txt',
    'BASE/outside/secret.txt',
    'BASE/rootless',
    'out',
    'out/secret.txt',
    'out/new.txt',
    'in/../../outside/secret.txt',
    'sub/link.txt',
    'broken',
    'broken/x',
    'loop',
    'loop/x',
    '~',
    '~/x',
    '~/../outside/secret.txt',
    '/etc/passwd',
    '/dev/null',
    '/proc/self/environ',
    '/dev/fd/0',
    'a\0b',
    'sub/file.txt\0.png',
    '%2e%2e/outside/secret.txt',
    '..%2foutside',
    '%252e%252e%252foutside',
    '..%5coutside',
    'a%00b',
    'data/database',
    'data',
  ])('%j is refused', async (path) => expect(await placeOf(path)).toBeUndefined());

  test('says why, and what is allowed', async () => {
    const place = await scope.resolve('../outside/secret.txt');
    expect(place).toMatchObject({
      ok: false,
      error: expect.stringContaining('outside of what may be touched'),
    });
  });

  test('has no path too long to be told', async () => {
    expect((await scope.resolve('a/'.repeat(100_000))).ok).toBe(false);
  });
});

test('a root inside forbidden ground stays usable', async () => {
  const inner = createFileScope({
    root: join(base, 'root/data/files'),
    temporary: [],
    forbidden: [join(base, 'root/data')],
  });
  expect((await inner.resolve('note.txt')).ok).toBe(true);
  expect((await inner.resolve('../database')).ok).toBe(false);
});

test('devices stay out of reach where everything else is allowed', async () => {
  const everything = createFileScope({ root: '/', temporary: [] });
  for (const path of ['/dev/zero', 'proc/self/mem', '/sys/power', '/dev/../dev/mem']) {
    expect((await everything.resolve(path)).ok).toBe(false);
  }
});

test('no path leads out, whatever it is made of', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    'sub',
    'in',
    'out',
    'link.txt',
    'broken',
    'loop',
    'x',
    '~',
    '',
    '%2e%2e',
    '..\\',
    '\0',
    'file.txt',
    '/',
  );
  const path = fc.tuple(fc.constantFrom('', '/', '~/', './', 'BASE/root/'), fc.array(part, { maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(path, async ([start, parts]) => {
      const place = await placeOf(start + parts.join('/'));
      if (place !== undefined) expect(place).toMatch(/^(?:root|temporary)(?:\/|$)/);
    }),
    { numRuns: 500 },
  );
});

describe('places that hold secrets', () => {
  test.each([
    '/home/u/.ssh/config',
    '/home/u/.SSH',
    '/w/.aws/credentials',
    '/w/.env',
    '/w/.env.local',
    '/w/.envrc',
    '/w/server.PEM',
    '/w/tls.key',
    '/w/id_ed25519',
    '/w/authorized_keys',
    '/w/.npmrc',
    '/home/u/.config/gh/hosts.yml',
    '/etc/shadow',
    '/home/u/.bash_history',
    '/home/u/.ironbark/secrets/master',
  ])('%s is one', (path) => expect(isSensitive(path)).toBe(true));

  test.each([
    '/w/.env.example',
    '/w/environment.md',
    '/w/keys.md',
    '/w/id_rsa.pub',
    '/w/sshd.md',
    '/etc/hosts',
  ])('%s is none', (path) => expect(isSensitive(path)).toBe(false));

  test('cannot be reached through a link with a harmless name', async () => {
    await writeFile(join(base, 'root/sub/.env'), 'KEY=1');
    await symlink('.env', join(base, 'root/sub/readme.txt'));
    expect(await placeOf('sub/.env')).toBeUndefined();
    expect(await placeOf('sub/readme.txt')).toBeUndefined();
  });
});
