import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome } from './home.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { troubleOf } from './testing/trouble.ts';

const permissions = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const trouble = (path: string) => troubleOf(Promise.resolve(path).then(openHome));

test('a new home is made for its owner only, with folders above it where needed', () => {
  const path = join(temporaryFolder(), 'deep', 'home');
  const home = openHome(path);
  expect(home).toMatchObject({
    path,
    databaseDir: join(path, 'database'),
    tokenFile: join(path, 'gateway-token'),
  });
  expect(permissions(path)).toBe('700');
  expect(readdirSync(path)).toEqual([]);
});

test('a home that others could look into is closed to them', () => {
  const path = temporaryFolder();
  mkdirSync(join(path, 'database'));
  chmodSync(path, 0o755);
  openHome(path);
  expect(permissions(path)).toBe('700');
});

test('a folder of other things that is open to others is refused and left as it is', async () => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'thesis.txt'), 'shared with colleagues');
  chmodSync(path, 0o755);
  expect((await trouble(path)).message).toContain('holds other things');
  expect(permissions(path)).toBe('755');
});

test('a file in its place is told apart', async () => {
  const path = join(temporaryFolder(), 'home');
  writeFileSync(path, '');
  expect(await trouble(path)).toMatchObject({
    kind: 'storage',
    message: expect.stringContaining('is not a folder'),
  });
  expect((await trouble(join(path, 'below'))).message).toContain('is not a folder');
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is told apart', async () => {
  const path = temporaryFolder();
  chmodSync(path, 0o500);
  expect((await trouble(path)).message).toContain('is not writable');
  expect(existsSync(path)).toBe(true);
});
