import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireHomeLock, findHomeOwner } from './home-lock.ts';
import { startChild } from './testing/child.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

test('the second is told who the first is, and may have the home when that one lets go', async () => {
  const home = temporaryFolder();
  let url: string | undefined;
  const first = await acquireHomeLock(home, () => ({ url, pid: 1 }));
  url = 'http://127.0.0.1:4747';
  expect(await acquireHomeLock(home, () => ({}))).toEqual({ held: false, owner: { url, pid: 1 } });
  expect(await findHomeOwner(home)).toEqual({ url, pid: 1 });
  if (first.held) await first.release();
  expect(await findHomeOwner(home)).toBeUndefined();
  const second = await acquireHomeLock(home, () => ({}));
  expect(second.held).toBe(true);
  if (second.held) await second.release();
});

test('of many that ask at once exactly one gets the home', async () => {
  const home = temporaryFolder();
  const asked = await Promise.all(Array.from({ length: 10 }, () => acquireHomeLock(home, () => ({}))));
  const held = asked.filter((lock) => lock.held);
  expect(held).toHaveLength(1);
  await Promise.all(held.map((lock) => lock.release()));
});

test('a home is the same under another name', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'home'));
  symlinkSync(join(folder, 'home'), join(folder, 'alias'));
  const lock = await acquireHomeLock(join(folder, 'home'), () => ({ pid: 1 }));
  expect(await findHomeOwner(join(folder, 'alias'))).toEqual({ pid: 1 });
  if (lock.held) await lock.release();
});

test('the home of a process that was killed is free at once, and nothing is left in it', async () => {
  const home = temporaryFolder();
  const child = startChild('lock-holder.ts', home);
  for await (const line of child.lines) {
    expect(line).toBe('held');
    break;
  }
  expect(await acquireHomeLock(home, () => ({}))).toMatchObject({
    held: false,
    owner: { url: 'http://127.0.0.1:4747' },
  });
  await child.kill();
  const lock = await acquireHomeLock(home, () => ({}));
  expect(lock.held).toBe(true);
  if (lock.held) await lock.release();
  expect(readdirSync(home)).toEqual([]);
});
