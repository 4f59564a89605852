import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { type Change, createMemory, type Layer, type Memory, type WriteOptions } from '../index.ts';

let database: Database;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_version');
});

const layer = (name: string, folder: string, more: Partial<Layer> = {}): Layer => ({
  name,
  folder,
  writable: true,
  sensitivity: 'private',
  ...more,
});
const TEAM = layer('team', 'team', { sensitivity: 'shared' });
const memoryOf = (...layers: Layer[]): Memory =>
  createMemory(database, { now: () => Date.UTC(2026, 2, 14) }, undefined, { layers });

/** Where the change went, and what was said about it; or why it was not made. */
async function change(
  memory: Memory,
  path: string,
  wanted: Change,
  options: Partial<WriteOptions> = {},
): Promise<{ readonly path?: string; readonly said: string }> {
  const prepared = await memory.prepare(path, wanted, { origins: [], ...options });
  if (!prepared.ok) return { said: prepared.error };
  await database.commit(prepared.value.statements);
  return { path: prepared.value.path, said: prepared.value.redirected ?? '' };
}

const save = (memory: Memory, path: string, content: string, options: Partial<WriteOptions> = {}) =>
  change(memory, path, { type: 'overwrite', content }, options);

const SSN = 'Her number is 536-90-4399.';

describe('what looks private', () => {
  test.each([
    ['a social security number', SSN],
    ['a social security number', 'SSN: 536904399'],
    ['a payment card number', 'Pay with 4111 1111 1111 1111 please'],
    ['a payment card number', 'amex 378282246310005.'],
    ['a bank account number', 'IBAN DE89 3704 0044 0532 0130 00'],
    ['a password or key', 'the wifi password is tr0ub4dor&3'],
    ['a password or key', 'api_key = sk_live_abcdef123456'],
    ['a PIN', 'the PIN is 4711'],
  ])('goes to the private layer instead of a shared one: %s in %j', async (what, content) => {
    const memory = memoryOf(TEAM);
    const { path, said } = await save(memory, 'team/plan.md', content);
    expect(path).toBe('private/team/plan.md');
    expect(said).toContain(`what looks like ${what}`);
    expect((await memory.read('private/team/plan.md'))?.content).toBe(content);
    expect(await memory.read('team/plan.md')).toBeUndefined();
  });

  test.each([
    'Call 555-12-34567 or the order 1234 5678 9012 3456.',
    'Version 4.1.2-2026, build 123-45-67890, ISBN 978-3-16-148410-0',
    'The password is required. Change your password: it is old.',
    'Reset password? The API key is missing; the secret token was rotated.',
    'The spin is 4711 and 000-12-3456, 666-12-3456 and 912-12-3456 are nobody’s.',
    '0000 0000 0000 0000',
  ])('is not just anything: %j', async (content) => {
    expect(await save(memoryOf(TEAM), 'team/plan.md', content)).toEqual({ path: 'team/plan.md', said: '' });
  });

  test('may stand wherever the user keeps to himself', async () => {
    expect(await save(memoryOf(TEAM), 'notes.md', SSN)).toEqual({ path: 'notes.md', said: '' });
  });

  test('goes to the first private layer where there is a folder for it', async () => {
    const memory = memoryOf(layer('all', '', { sensitivity: 'shared' }), layer('mine', 'me/own'), TEAM);
    expect((await save(memory, 'team/plan.md', SSN)).path).toBe('me/own/team/plan.md');
    expect((await save(memory, 'plan.md', SSN)).path).toBe('me/own/plan.md');
  });

  test('is not kept at all where nothing is private', async () => {
    const memory = memoryOf(layer('all', '', { sensitivity: 'shared' }));
    const { path, said } = await save(memory, 'plan.md', SSN);
    expect(path).toBeUndefined();
    expect(said).toContain('Not saved');
  });

  test('does not come in by halves, by a replacement or from an earlier version', async () => {
    const memory = memoryOf(TEAM);
    await save(memory, 'team/plan.md', 'Her number is 536-90-X.');
    const rest: Change = { type: 'replace', from: 'X', to: '4399', all: false };
    expect((await change(memory, 'team/plan.md', rest)).said).toMatch(/^Not saved: the text holds/);
    const added = await change(memory, 'team/plan.md', { type: 'append', content: SSN });
    expect(added.path).toBe('private/team/plan.md');
    await save(memory, 'team/old.md', SSN, { force: true });
    await save(memory, 'team/old.md', 'nothing');
    const restored = await change(memory, 'team/old.md', { type: 'restore', version: 1 });
    expect(restored.path).toBe('private/team/old.md');
    for (const path of ['team/plan.md', 'team/old.md'])
      expect((await memory.read(path))?.content).not.toContain('4399');
  });

  test('that others see already does not stand in the way of what comes after it', async () => {
    const memory = memoryOf(TEAM);
    await save(memory, 'team/plan.md', SSN, { force: true });
    expect((await change(memory, 'team/plan.md', { type: 'append', content: 'tea' })).path).toBe(
      'team/plan.md',
    );
  });

  test('is shown to others where the user says so, and only the user', async () => {
    const memory = memoryOf(TEAM);
    expect((await save(memory, 'team/plan.md', SSN, { force: true })).path).toBe('team/plan.md');
    const influenced = { force: true, origins: ['the page e.example'] };
    expect((await save(memory, 'team/other.md', SSN, influenced)).path).toBe('private/team/other.md');
  });
});

describe('words of a private document', () => {
  const DIARY =
    'On Tuesday I told Miriam that we will sell the house by the lake before winter comes. She was relieved.';

  test.each([
    ['as they are', 'Plan: we will sell the house by the lake before winter comes.'],
    ['written differently', 'WE WILL SELL the house, by the lake; before winter!'],
    [
      'within much else',
      `${'Agenda item. '.repeat(60)} we will sell the house by the lake ${'More text. '.repeat(60)}`,
    ],
  ])('do not come into a shared layer: %s', async (_how, content) => {
    const memory = memoryOf(TEAM);
    await save(memory, 'diary/2026.md', DIARY);
    const { path, said } = await save(memory, 'team/plan.md', content);
    expect(path).toBe('private/team/plan.md');
    expect(said).toContain('words of diary/2026.md, which is private');
  });

  test('do not come out of one that cannot be searched, or in a script without spaces', async () => {
    const memory = memoryOf(TEAM);
    await save(memory, 'diary/.config', '{"skip_indexing": true}');
    await save(memory, 'diary/2026.md', DIARY);
    expect((await save(memory, 'team/a.md', DIARY.slice(20, 90))).path).toBe('private/team/a.md');
    await save(memory, 'notes.md', '昨日、病院で検査の結果を聞きました。来週もう一度行く予定です。');
    expect((await save(memory, 'team/b.md', '病院で検査の結果を聞きました。来週もう一度行く')).path).toBe(
      'private/team/b.md',
    );
  });

  test('may be fewer than eight in a row, shared already, or the copy that was made for that very document', async () => {
    const memory = memoryOf(TEAM);
    await save(memory, 'diary/2026.md', DIARY);
    const few = 'We talked about how to sell the house by the sea. She was relieved.';
    expect((await save(memory, 'team/a.md', few)).path).toBe('team/a.md');
    expect((await save(memory, 'team/b.md', few)).path).toBe('team/b.md');
    const rest = 'The meeting takes place every second Friday at ten in the blue room.';
    expect((await save(memory, 'team/c.md', `${rest} ${SSN}`)).path).toBe('private/team/c.md');
    expect((await save(memory, 'team/c.md', rest)).path).toBe('team/c.md');
  });
});

describe('a layer', () => {
  test('that is read-only is not written', async () => {
    const memory = memoryOf(layer('handbook', 'handbook', { writable: false }));
    for (const path of ['handbook/a.md', 'Handbook/a.md', 'handbook/./b/../a.md'.replace('b/../', '')])
      expect((await save(memory, path, 'x')).said).toContain(
        'nothing can be written in the layer "handbook"',
      );
    expect((await save(memory, 'handbooks/a.md', 'x')).path).toBe('handbooks/a.md');
  });

  test('holds no document that steers the assistant, unless it is the primary one', async () => {
    const memory = memoryOf(TEAM);
    expect((await save(memory, 'team/SOUL.md', 'Be kind.')).said).toContain('only at the top of memory');
    expect((await save(memory, 'SOUL.md', 'Be kind.')).path).toBe('SOUL.md');
    expect((await save(memory, 'team/notes/SOUL.md', 'Be kind.')).path).toBe('team/notes/SOUL.md');
  });

  test('is the innermost whose folder a document is in', async () => {
    const memory = memoryOf(TEAM, layer('core', 'team/core'), layer('public', 'team/core/pub', TEAM));
    expect((await save(memory, 'team/core/a.md', SSN)).path).toBe('team/core/a.md');
  });
});
