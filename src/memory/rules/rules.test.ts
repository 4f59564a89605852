import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { type Change, createMemory, type Memory } from '../index.ts';
import { expiredDocuments } from './expired.ts';

let database: Database;
let memory: Memory;
let now = Date.UTC(2026, 2, 14, 12);
const DAY = 86_400_000;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_version');
  now = Date.UTC(2026, 2, 14, 12);
  memory = createMemory(database, { now: () => now });
});

/** What was wrong with the change, undefined where it was made. */
async function change(path: string, wanted: Change, ...origins: string[]): Promise<string | undefined> {
  const prepared = await memory.prepare(path, wanted, { origins });
  if (!prepared.ok) return prepared.error;
  await database.commit(prepared.value.statements);
  return undefined;
}
const save = (path: string, content: string, ...origins: string[]) =>
  change(path, { type: 'overwrite', content }, ...origins);
const rule = (folder: string, rules: object) => save(`${folder}.config`, JSON.stringify(rules));

describe('the rules of a folder', () => {
  test.each([
    ['{', 'not JSON'],
    ['[]', 'must be an object'],
    ['{"skip_indexing": "yes"}', '"skip_indexing" must be true or false'],
    ['{"hygiene": {"retention_days": 0}}', '"hygiene.retention_days" must be a whole number from 1'],
    ['{"hygiene": {"keep": 3}}', '"hygiene.keep" is not known'],
    ['{"retention_days": 3}', '"retention_days" is not known. Known are skip_indexing'],
    ['{"schema": 3}', '"schema" must be a JSON Schema'],
    ['{"schema": {"$ref": "#/nowhere"}}', '"schema"'],
    ['{"schema": {"title": "\\u0000"}}', 'signs that are none'],
    ['['.repeat(50_000), 'not JSON'],
  ])('are checked when they are written: %s', async (text, complaint) => {
    expect(await save('projects/.config', text)).toContain(complaint);
    expect(await memory.read('projects/.config')).toBeUndefined();
  });

  test('are nobody’s to change but the user’s', async () => {
    const objection = await save('projects/.config', '{"skip_versioning": true}', 'the page e.example');
    expect(objection).toContain('can only be changed by the user');
    expect(objection).toContain('ironbark memory write projects/.config');
  });

  test('that are corrupt all the same are as good as none', async () => {
    const corrupt = [
      '{',
      '{"hygiene": {"version_keep_count": "many", "retention_days": -1}, "skip_indexing": 1}',
    ];
    for (const content of corrupt) {
      await database.commit(memory.writeStatements('a/.config', content, { append: false }));
      expect(await save('a/b.md', 'green tea')).toBeUndefined();
      expect((await memory.search('tea', 5)).map(({ path }) => path)).toEqual(['a/b.md']);
      expect(await expiredDocuments(database, now + 1000 * DAY)).toEqual([]);
    }
  });
});

describe('how many versions are kept', () => {
  const kept = async (path: string) => (await memory.versions(path)).map(({ version }) => version);
  const write = async (path: string) => {
    for (let at = 1; at <= 5; at++) await save(path, `text ${at}`);
  };

  test('is for the nearest folder to say', async () => {
    await rule('a/', { hygiene: { version_keep_count: 2 } });
    await rule('a/b/', { skip_indexing: true });
    await rule('a/b/c/', { hygiene: { version_keep_count: 4 } });
    for (const path of ['x.md', 'a/x.md', 'a/b/x.md', 'a/b/c/x.md', 'ab/x.md']) await write(path);
    expect(await kept('x.md')).toEqual([5, 4, 3, 2, 1]);
    expect(await kept('a/x.md')).toEqual([5, 4]);
    expect(await kept('a/b/x.md')).toEqual([5, 4]);
    expect(await kept('a/b/c/x.md')).toEqual([5, 4, 3, 2]);
    expect(await kept('ab/x.md')).toEqual([5, 4, 3, 2, 1]);
  });

  test('is none but the current one where there is no versioning', async () => {
    await rule('', { skip_versioning: true });
    await rule('kept/', { skip_versioning: false });
    await write('x.md');
    await write('kept/x.md');
    expect(await kept('x.md')).toEqual([5]);
    expect(await kept('kept/x.md')).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('what can be found', () => {
  const found = async () => (await memory.search('tea', 9)).map(({ path }) => path).sort();

  test('follows the rules as they come and go', async () => {
    for (const path of ['a/x.md', 'a/b/x.md', 'c/x.md']) await save(path, 'green tea');
    await rule('a/', { skip_indexing: true });
    expect(await found()).toEqual(['c/x.md']);
    await rule('a/b/', { skip_indexing: false });
    await save('a/new.md', 'black tea');
    expect(await found()).toEqual(['a/b/x.md', 'c/x.md']);
    await database.query(`delete from memory_document where path = 'a/.config'`);
    expect(await found()).toEqual(['a/b/x.md', 'a/new.md', 'a/x.md', 'c/x.md']);
  });

  test('is not the rules themselves', async () => {
    await save('a/.config', '{"schema": {"title": "tea"}}');
    expect(await found()).toEqual([]);
  });
});

describe('a schema', () => {
  const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
  beforeEach(() => rule('people/', { schema }));

  test('lets in what fits', async () => {
    expect(await save('people/ada.json', '{"name": "Ada"}')).toBeUndefined();
    expect(
      await change('people/ada.json', { type: 'replace', from: 'Ada', to: 'Eva', all: false }),
    ).toBeUndefined();
    expect((await memory.read('people/ada.json'))?.content).toBe('{"name": "Eva"}');
    expect(await save('pets/ada.md', 'no JSON')).toBeUndefined();
  });

  test.each([
    ['Ada', 'not JSON'],
    ['{"name": 3}', '#/name'],
    ['{}', 'name'],
  ])('keeps out what does not, and says why: %s', async (content, why) => {
    const objection = await save('people/ada.json', content);
    expect(objection).toContain('must be JSON that fits the schema of its folder');
    expect(objection).toContain(why);
  });

  test('keeps out what an addition or a replacement would make of a document', async () => {
    await save('people/ada.json', '{"name": "Ada"}');
    expect(await change('people/ada.json', { type: 'append', content: 'x' })).toContain('not JSON');
    const wrong = { type: 'replace', from: '"Ada"', to: '3', all: false } as const;
    expect(await change('people/ada.json', wrong)).toContain('#/name');
  });
});

describe('what is kept too long', () => {
  test('is what did not change for as many days as its folder says', async () => {
    await rule('logs/', { hygiene: { retention_days: 30 } });
    await rule('logs/audit/', { hygiene: { enabled: false } });
    await rule('logs/short/', { hygiene: { retention_days: 1 } });
    for (const path of ['x.md', 'logs/x.md', 'logs/audit/x.md', 'logs/short/x.md']) await save(path, 'text');
    const expired = async (days: number) =>
      (await expiredDocuments(database, now + days * DAY)).map(({ path }) => path).sort();
    expect(await expired(1)).toEqual([]);
    expect(await expired(2)).toEqual(['logs/short/x.md']);
    expect(await expired(31)).toEqual(['logs/short/x.md', 'logs/x.md']);
  });

  test('is never what steers the assistant', async () => {
    await rule('', { hygiene: { retention_days: 1 } });
    await save('SOUL.md', 'Be kind.');
    await save('notes.md', 'text');
    const expired = await expiredDocuments(database, now + 9 * DAY);
    expect(expired).toEqual([{ path: 'notes.md', version: 1, retentionDays: 1 }]);
  });
});
