import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editOutside } from './external-editor.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-editor-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An editor that does this to the file it is given. */
function editor(work: string): string {
  const path = join(folder, 'editor.sh');
  writeFileSync(path, work);
  return `sh ${path} --wait`;
}

test('gives back what the editor left, from a file of the owner alone that is gone afterwards', async () => {
  const seen = join(folder, 'seen');
  const work = `ls -l "$2" > ${seen}; echo "$2" >> ${seen}; printf ' and more\\n' >> "$2"`;
  expect(await editOutside('draft', { VISUAL: editor(work), EDITOR: 'false' })).toEqual({
    ok: true,
    value: 'draft and more',
  });
  const [mode, path = ''] = readFileSync(seen, 'utf8').trim().split('\n');
  expect(mode).toMatch(/^-rw-------/);
  expect(() => statSync(path)).toThrow('ENOENT');
});

test('says that the editor failed, or is not there', async () => {
  const failed = await editOutside('draft', { EDITOR: editor('exit 3') });
  expect(failed).toMatchObject({ ok: false, error: expect.stringContaining('ended with 3') });
  const missing = await editOutside('draft', { EDITOR: 'no-such-editor-here 2>/dev/null' });
  expect(missing).toMatchObject({ ok: false, error: expect.stringContaining('ended with 127') });
});
