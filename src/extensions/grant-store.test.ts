import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createGrantStore } from './index.ts';

function newStore() {
  const parent = mkdtempSync(join(tmpdir(), 'ironbark-grants-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, 'tool-grants');
  let now = 0;
  return {
    folder,
    store: createGrantStore(folder, { now: () => now }),
    at: (time: number) => {
      now = time;
    },
  };
}

test('what is approved is there for the next store, and for no other tool', async () => {
  const { folder, store } = newStore();
  await store.approve('github', ['http:a', 'http:b']);
  await store.approve('github', ['http:c']);
  const next = createGrantStore(folder, { now: () => 0 });
  expect(await next.read('github')).toEqual(new Set(['http:a', 'http:b', 'http:c']));
  expect(await next.read('gitlab')).toEqual(new Set());
});

test('approvals at the same time are all kept', async () => {
  const { store } = newStore();
  const ids = Array.from({ length: 20 }, (_, at) => `http:${at}`);
  await Promise.all(ids.map((id) => store.approve('tool', [id])));
  expect(await store.read('tool')).toEqual(new Set(ids));
});

test('what is forgotten is gone, also when it never was', async () => {
  const { store } = newStore();
  await store.approve('tool', ['a']);
  await store.forget('tool');
  await store.forget('tool');
  expect(await store.read('tool')).toEqual(new Set());
});

test('only the owner can read the file, which tells when each item was approved first', async () => {
  const { folder, store, at } = newStore();
  await store.approve('tool', ['a']);
  at(86_400_000);
  await store.approve('tool', ['a', '__proto__']);
  expect(readdirSync(folder)).toEqual(['tool.json']);
  expect(statSync(join(folder, 'tool.json')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(join(folder, 'tool.json'), 'utf8'))).toMatchObject({
    version: 1,
    approved: { a: '1970-01-01T00:00:00.000Z' },
  });
});

test.each(['', '{', '[]', '{"version":2,"approved":{"a":"t"}}', '{"version":1,"approved":["a"]}'])(
  'a damaged file approves nothing, and the next approval mends it: %j',
  async (text) => {
    const { folder, store } = newStore();
    await store.approve('tool', ['a']);
    writeFileSync(join(folder, 'tool.json'), text);
    expect(await store.read('tool')).toEqual(new Set());
    await store.approve('tool', ['b']);
    expect(await store.read('tool')).toEqual(new Set(['b']));
  },
);

test('a name that leads out of the folder is a bug of the caller', async () => {
  const { store } = newStore();
  await expect(store.read('../config')).rejects.toThrow('No tool can be named');
  await expect(store.approve('a/b', ['x'])).rejects.toThrow('No tool can be named');
  await expect(store.forget('..')).rejects.toThrow('No tool can be named');
});
