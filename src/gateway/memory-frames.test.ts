import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenMemoryDesk, openMemoryDesk } from '../../actors/testing/open-memory-desk.ts';
import { runGateway } from './testing/running-gateway.ts';

let memory: OpenMemoryDesk;

beforeAll(async () => {
  memory = await openMemoryDesk();
});
afterAll(() => memory.close());
beforeEach(() => memory.clear());

const gatewayOver = () => runGateway({ memory: { memory: memory.desk } });

test('memory at the other end of a connection is the same memory', async () => {
  await using gateway = await gatewayOver();
  const { memory: desk } = await gateway.connect();
  const origins = ['the page https://example.org/'];
  expect(await desk.write({ path: 'a/b.md', text: 'Garlic in October.', append: false, origins })).toEqual({
    outcome: 'written',
    path: 'a/b.md',
  });
  expect(await desk.read('a/b.md')).toMatchObject({ content: 'Garlic in October.', version: 1, origins });
  expect(await desk.read('a/b.md', 7)).toBeUndefined();
  expect(await desk.search('garlic', { limit: 5 })).toMatchObject({ hits: [{ path: 'a/b.md', origins }] });
  expect(await desk.search('garlic', { limit: 5, folder: 'b' })).toMatchObject({ hits: [] });
  expect(await desk.tree('', 1)).toMatchObject([{ type: 'folder', path: 'a', documents: 1 }]);
  expect(await desk.paths({ limit: 5 })).toEqual(['a/b.md']);
  expect(await desk.paths({ after: 'a/b.md', limit: 5 })).toEqual([]);
  expect(await desk.history('a/b.md')).toMatchObject({
    versions: [{ version: 1, characters: 18 }],
    passages: [{ firstLine: 1, text: 'Garlic in October.' }],
  });
  expect(await desk.status()).toEqual(await memory.desk.status());
  const target = { kind: 'document', path: 'a/b.md' } as const;
  expect(await desk.forget(target, { dryRun: true })).toMatchObject({ documents: [{ path: 'a/b.md' }] });
  expect(await desk.read('a/b.md')).toBeDefined();
  await desk.forget(target, { dryRun: false });
  expect(await desk.read('a/b.md')).toBeUndefined();
});

test('a large document goes through in one piece', async () => {
  await using gateway = await gatewayOver();
  const { memory: desk } = await gateway.connect();
  const text = '"quoted"\n'.repeat(25_000);
  await desk.write({ path: 'a.md', text, append: false });
  expect((await desk.read('a.md'))?.content).toBe(text);
});

test('a query that is longer than any question is searched by its beginning', async () => {
  await using gateway = await gatewayOver();
  const { memory: desk } = await gateway.connect();
  await desk.write({ path: 'a.md', text: 'Garlic in October.', append: false });
  const { hits } = await desk.search(`garlic ${'🧄 and more '.repeat(10_000)}`, { limit: 5 });
  expect(hits.map(({ path }) => path)).toEqual(['a.md']);
});

test('numbers are bounded', async () => {
  await using gateway = await gatewayOver();
  const { memory: desk } = await gateway.connect();
  for (let index = 0; index < 60; index++)
    await desk.write({ path: `n${index}`, text: 'garlic', append: false });
  expect((await desk.search('garlic', { limit: 1_000 })).hits).toHaveLength(50);
  expect(await desk.paths({ limit: -1 })).toHaveLength(1);
});

describe('what is asked wrongly', () => {
  test('is answered with why', async () => {
    await using gateway = await gatewayOver();
    const { memory: desk } = await gateway.connect();
    await expect(desk.read('../x')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('..'),
    });
    expect(await desk.write({ path: '/x', text: '', append: false })).toMatchObject({ outcome: 'refused' });
    await expect(desk.read('a\0b')).rejects.toMatchObject({ code: 'bad-frame' });
    await expect(desk.read('a', 0)).rejects.toMatchObject({ code: 'bad-frame' });
    const target = { kind: 'source', source: '' } as const;
    await expect(desk.forget(target, { dryRun: true })).rejects.toMatchObject({ code: 'bad-frame' });
    const origins = ['x'.repeat(201)];
    await expect(desk.write({ path: 'a', text: '', append: false, origins })).rejects.toMatchObject({
      code: 'bad-frame',
    });
    expect(gateway.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
