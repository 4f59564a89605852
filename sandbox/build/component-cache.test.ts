import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createComponentCache } from './component-cache.ts';
import { createBuilder } from './index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-components-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const emptyFolder = (): Promise<string> => mkdtemp(join(folder, 'cache-'));

const VERSION = '0123456789ab';
const hashOf = (number: number): string => number.toString(16).padStart(64, '0');
const COMPONENT = new Uint8Array([0, 97, 115, 109, 13, 0, 1, 0]);

it('a source that was built before is the same component, without a build', async () => {
  const cacheDir = await emptyFolder();
  const source = "export const description = 'd'; export function run() {}";
  const first = await createBuilder({ cacheDir }).javascript(source);
  // A deadline that no process can meet: what comes out comes from the cache.
  const hasty = createBuilder({ cacheDir, deadlineMs: 1 });
  expect(first.ok).toBe(true);
  expect(await hasty.javascript(source)).toEqual(first);
  expect(await hasty.javascript(`${source};`)).toMatchObject({ ok: false, error: { rule: 'deadline' } });
});

it('what another version of the builder made is not given, and goes with the next one written', async () => {
  const directory = await emptyFolder();
  await createComponentCache(directory, 'ba9876543210').write(hashOf(1), COMPONENT);
  const cache = createComponentCache(directory, VERSION);
  expect(await cache.read(hashOf(1))).toBeUndefined();
  await cache.write(hashOf(2), COMPONENT);
  expect(await readdir(directory)).toEqual([`${hashOf(2)}-${VERSION}.wasm`]);
});

it.each([
  ['was cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
  ['has rotted', (bytes: Buffer) => bytes.fill(7, bytes.length - 1)],
  ['is empty', () => Buffer.alloc(0)],
])('a file that %s is none, and is replaced', async (_, damage) => {
  const directory = await emptyFolder();
  const cache = createComponentCache(directory, VERSION);
  await cache.write(hashOf(1), COMPONENT);
  expect(await cache.read(hashOf(1))).toEqual(COMPONENT);
  const [name = ''] = await readdir(directory);
  await writeFile(join(directory, name), damage(await readFile(join(directory, name))));
  expect(await cache.read(hashOf(1))).toBeUndefined();
  await cache.write(hashOf(1), COMPONENT);
  expect(await cache.read(hashOf(1))).toEqual(COMPONENT);
});

it('only the newest are kept, and nothing that is not its own is touched', async () => {
  const directory = await emptyFolder();
  await writeFile(join(directory, 'note.txt'), 'not ours');
  const cache = createComponentCache(directory, VERSION);
  for (let number = 1; number <= 20; number++) {
    await cache.write(hashOf(number), COMPONENT);
    await utimes(join(directory, `${hashOf(number)}-${VERSION}.wasm`), number, number);
  }
  expect(await cache.read(hashOf(20))).toEqual(COMPONENT);
  expect(await cache.read(hashOf(6))).toEqual(COMPONENT);
  expect(await cache.read(hashOf(1))).toBeUndefined();
  const names = await readdir(directory);
  expect(names).toContain('note.txt');
  expect(names.length).toBe(17);
});

it('writers of one component at once do not get into each other’s way', async () => {
  const directory = await emptyFolder();
  const cache = createComponentCache(directory, VERSION);
  await Promise.all(Array.from({ length: 8 }, () => cache.write(hashOf(1), COMPONENT)));
  expect(await readdir(directory)).toEqual([`${hashOf(1)}-${VERSION}.wasm`]);
});
