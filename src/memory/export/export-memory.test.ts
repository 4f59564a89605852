import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenMemoryDesk, openMemoryDesk } from '../../../actors/testing/open-memory-desk.ts';
import { temporaryFolder } from '../../storage/testing/temporary-folder.ts';
import { openImport } from '../import/open-import.ts';
import { runImport } from '../import/run-import.ts';
import { exportMemory } from './export-memory.ts';
import { createFileNames } from './file-names.ts';

let memory: OpenMemoryDesk;

beforeAll(async () => {
  memory = await openMemoryDesk();
});
afterAll(() => memory.close());
beforeEach(() => memory.clear());

async function contents(): Promise<unknown[]> {
  const { rows } = await memory.database.query(
    'select path, content, origins from memory_document order by path',
  );
  return rows;
}

async function importBack(folder: string) {
  const opened = await openImport(folder);
  if (!opened.ok) throw new Error(opened.error);
  return runImport(opened.value, memory.desk, { dryRun: false, replace: false });
}

test('what is exported comes back as it was, with whose words it holds', async () => {
  const write = (path: string, text: string, ...origins: string[]) =>
    memory.desk.write({ path, text, append: false, origins });
  await write('MEMORY.md', 'Likes trains.');
  await write('notes/a', 'a file…');
  await write('notes/a/b', '…that is a folder, too');
  await write('Notes/A', 'in capitals\r\n');
  await write('page.md', '\ufeffFrom a page', 'the page https://example.org/');
  await write('.hidden/.config.md', 'hidden');
  await write('con.md', '');
  await write(`${'ö'.repeat(200)}.md`, 'a long name');
  await write('versions/1.md', 'not a version');
  const before = await contents();
  const folder = join(temporaryFolder(), 'export');
  expect(await exportMemory(memory.desk, folder, { versions: true })).toMatchObject({
    documents: before.length,
  });
  await memory.clear();
  expect(await importBack(folder)).toMatchObject({ kind: 'ironbark', troubles: [], ignored: [] });
  expect(await contents()).toEqual(before);
});

test('history is there to be read, for its owner only', async () => {
  await memory.desk.write({ path: 'a.md', text: 'one', append: false });
  await memory.desk.write({ path: 'a.md', text: 'two', append: false });
  const folder = temporaryFolder();
  expect(await exportMemory(memory.desk, folder, { versions: true })).toMatchObject({
    documents: 1,
    versions: 2,
  });
  expect(readFileSync(join(folder, 'versions/a.md/1.md'), 'utf8')).toBe('one');
  expect(statSync(join(folder, 'a.md')).mode & 0o777).toBe(0o600);
});

test('what was changed in the folder keeps its origins; what was added there has none that are known', async () => {
  const origins = ['the page https://example.org/'];
  await memory.desk.write({ path: 'page.md', text: 'From a page', append: false, origins });
  const folder = temporaryFolder();
  await exportMemory(memory.desk, folder, { versions: false });
  await memory.clear();
  writeFileSync(join(folder, 'page.md'), 'From a page, edited');
  writeFileSync(join(folder, 'new.md'), 'new');
  expect(await importBack(folder)).toMatchObject({ written: ['page.md'], troubles: [{ where: 'new.md' }] });
  expect(await memory.desk.read('page.md')).toMatchObject({ content: 'From a page, edited', origins });
});

test('a folder that holds something is left alone; one that was not finished is not imported', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  await expect(exportMemory(memory.desk, folder, { versions: false })).rejects.toMatchObject({
    kind: 'usage',
  });
  await memory.desk.write({ path: 'a.md', text: 'one', append: false });
  const other = temporaryFolder();
  const failing = { ...memory.desk, read: () => Promise.reject(new Error('gone')) };
  await expect(exportMemory(failing, other, { versions: false })).rejects.toThrow('gone');
  expect(readdirSync(other)).toEqual(['ironbark-memory.jsonl.unfinished']);
  expect(await openImport(other)).toMatchObject({ ok: false });
});

test('no two documents get one file, and none a place outside or of a folder', () => {
  const part = fc.constantFrom(
    'a',
    'A',
    'a~1',
    '.a',
    '_a',
    'con',
    'CON.md',
    'x:y',
    'x_y',
    'ö'.repeat(120),
    'a.md',
  );
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
      const fileOf = createFileNames();
      const files = paths.map((one) => fileOf(one).toLowerCase());
      expect(new Set(files).size).toBe(paths.length);
      for (const file of files) {
        expect(files.some((other) => other.startsWith(`${file}/`))).toBe(false);
        for (const name of file.split('/')) {
          expect(name).not.toMatch(/^\.|^$|[:\\]|^con(\.|$)/);
          expect(Buffer.byteLength(name)).toBeLessThan(256);
        }
      }
    }),
  );
});
