import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { type Change, createMemory, MAX_DOCUMENT_BYTES, type Memory } from './index.ts';

let database: Database;
let memory: Memory;
/** Texts that the detector of secrets was given, by their length. */
const looked: number[] = [];

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_version');
  looked.length = 0;
  memory = createMemory(database, { now: () => 0 }, async (text) => {
    looked.push(text.length);
    return { text, removed: undefined };
  });
});

async function change(path: string, wanted: Change): Promise<string | undefined> {
  const prepared = await memory.prepare(path, wanted, { origins: [] });
  if (!prepared.ok) return prepared.error;
  await database.commit(prepared.value.statements);
  return undefined;
}
const save = (path: string, content: string) => change(path, { type: 'overwrite', content });
const add = (path: string, content: string) => change(path, { type: 'append', content });

const count = async (): Promise<unknown> =>
  (await database.query('select count(*)::integer as count from memory_document')).rows[0]?.count;

describe('a path', () => {
  test.each([
    ['../escape.md', 'leaves memory'],
    ['a/../../b.md', 'leaves memory'],
    ['/etc/passwd', 'is absolute'],
    ['C:\\boot.ini', 'is absolute'],
    ['a\0b.md', 'control characters'],
    [`${'x'.repeat(600)}.md`, '512 bytes'],
    ['x'.repeat(5_000_000), '512 bytes'],
    ['NUL', 'name of a device'],
    ['notes/con.md', 'name of a device'],
    ['notes/Com1', 'name of a device'],
    [' ', 'must name a document'],
  ])('that is none is refused: %.40s', async (path, complaint) => {
    const objection = await save(path, 'x');
    expect(objection).toContain(complaint);
    expect(objection?.length).toBeLessThan(1_000);
    expect(await count()).toBe(0);
  });

  test('that only looks like one of a device is none', async () => {
    for (const path of ['console.md', 'notes/null.md', 'com10/x.md', 'auxiliary']) await save(path, 'x');
    expect(await count()).toBe(4);
  });

  test('need not be normalised', async () => {
    expect(await save('./notes//a.md', 'x')).toBeUndefined();
    expect((await memory.read('notes/a.md'))?.content).toBe('x');
  });
});

describe('a text', () => {
  test('of 50 MB is refused before anything is made of it', async () => {
    const large = 'word '.repeat(10_000_000);
    expect(await save('a.md', large)).toContain(`it may have ${MAX_DOCUMENT_BYTES}`);
    await save('b.md', 'x');
    looked.length = 0;
    for (const wanted of ['append', 'overwrite'] as const)
      expect(await change('b.md', { type: wanted, content: large })).toContain('Begin another document');
    expect(await change('b.md', { type: 'replace', from: 'x', to: large, all: false })).toContain('may have');
    expect(looked).toEqual([]);
  });

  test('that would grow beyond measure by being replaced everywhere is not even made', async () => {
    await save('a.md', 'x'.repeat(200_000));
    const grows: Change = { type: 'replace', from: 'x', to: 'y'.repeat(20_000), all: true };
    expect(await change('a.md', grows)).toContain('too many');
  });

  test('that is binary data, or was read in a wrong encoding, is refused', async () => {
    const bytes = Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7919) % 256));
    for (const content of [bytes.toString('utf8'), bytes.toString('latin1'), 'h\0e\0l\0l\0o\0'.repeat(50)])
      expect(await save('a.md', content)).toContain('no text but binary data');
    expect(await count()).toBe(0);
  });

  test('may hold strange signs here and there', async () => {
    const content = `\u001b[31mred\u001b[0m, caf\ufffd, ${'and much more. '.repeat(50)}`;
    expect(await save('a.md', content)).toBeUndefined();
    expect((await memory.read('a.md'))?.content).toBe(content);
  });

  test('with half signs is kept without them, wherever they are', async () => {
    expect(await save('a\ud800.md', 'tea \udc00 and \ud83d\ude00 \ud83d')).toBeUndefined();
    expect(await add('a\ufffd.md', '\udfff')).toBeUndefined();
    const document = await memory.read('a\ufffd.md');
    expect(document?.content).toBe('tea \ufffd and 😀 \ufffd\n\n\ufffd');
  });

  test('to be replaced must be something', async () => {
    await save('a.md', 'x');
    expect(await change('a.md', { type: 'replace', from: '', to: 'y', all: true })).toContain('is empty');
  });
});

describe('a change that comes too late', () => {
  const prepared = async (wanted: Change, ifVersion?: number) => {
    const result = await memory.prepare('a.md', wanted, {
      origins: [],
      ...(ifVersion !== undefined && { ifVersion }),
    });
    return result.ok ? result.value.statements : expect.unreachable(result.error);
  };
  const content = async () => (await memory.read('a.md'))?.content;
  beforeEach(() => save('a.md', 'tea, milk'));

  test('is refused where it says from which version it was made', async () => {
    await add('a.md', 'honey');
    const stale = await memory.prepare(
      'a.md',
      { type: 'overwrite', content: 'x' },
      { origins: [], ifVersion: 1 },
    );
    expect(stale).toMatchObject({ ok: false, error: expect.stringContaining('is at version 2 by now') });
    const absent = await memory.prepare(
      'b.md',
      { type: 'append', content: 'x' },
      { origins: [], ifVersion: 1 },
    );
    expect(absent).toMatchObject({ ok: false, error: expect.stringContaining('does not exist') });
    await database.commit(await prepared({ type: 'overwrite', content: 'x' }, 2));
    expect(await content()).toBe('x');
  });

  test('loses nothing where the document changed in the last moment', async () => {
    const late = await prepared({ type: 'overwrite', content: 'coffee' }, 1);
    await add('a.md', 'honey');
    await database.commit(late);
    expect(await content()).toBe('tea, milk\n\nhoney\n\ncoffee');
  });

  test('loses nothing where the text to be replaced went away in the last moment', async () => {
    const wanted: Change = { type: 'replace', from: 'milk', to: 'cream', all: false };
    const [late, again] = [await prepared(wanted), await prepared(wanted)];
    await save('a.md', 'coffee');
    await database.commit(late);
    expect(await content()).toBe('coffee\n\ncream');
    await database.commit(again).catch(() => {});
    expect(await content()).toBe('coffee\n\ncream');
  });
});

describe('an earlier version', () => {
  test('comes back as a new one, with whose words it holds', async () => {
    const first = await memory.prepare(
      'a.md',
      { type: 'overwrite', content: 'one' },
      { origins: ['the page e'] },
    );
    if (first.ok) await database.commit(first.value.statements);
    await save('a.md', 'two');
    expect(await change('a.md', { type: 'restore', version: 1 })).toBeUndefined();
    expect(await memory.read('a.md')).toMatchObject({ content: 'one', version: 3, origins: ['the page e'] });
    expect(await change('a.md', { type: 'restore', version: 9 })).toContain('no version 9 of a.md');
  });
});

describe('a query', () => {
  test.each([
    ['of 100 kB', 'word '.repeat(20_000)],
    ['of small words only', 'the and of is'],
    ['of punctuation only', '?!… — "" () :* & | %_\\'],
    ['of half signs', 'a\ud800 \udc00'],
    ['of nothing', ''],
  ])('%s is answered', async (_what, query) => {
    await save('a.md', 'green tea');
    expect(Array.isArray(await memory.search(query, 5))).toBe(true);
  });
});
