import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTraceFiles } from './files.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-traces-'));
  await mkdir(join(folder, 'deep', 'deeper'), { recursive: true });
  for (const name of ['b.json', 'a.json', 'README.md', 'deep/deeper/c.json']) {
    await writeFile(join(folder, name), '{}');
  }
});

afterEach(() => rm(folder, { recursive: true }));

test('a folder stands for the JSON files anywhere beneath it, in order', async () => {
  expect(await findTraceFiles([folder])).toEqual(
    ['a.json', 'b.json', 'deep/deeper/c.json'].map((name) => join(folder, name)),
  );
});

test('a file stands for itself, whatever its name, and is played once', async () => {
  const readme = join(folder, 'README.md');
  expect(await findTraceFiles([readme, readme])).toEqual([readme]);
});

test('a path that does not exist is a usage error that names it', async () => {
  const gone = join(folder, 'gone.json');
  await expect(findTraceFiles([gone])).rejects.toMatchObject({
    kind: 'usage',
    message: `There is no ${gone}.`,
  });
});

test('a folder without traces is a usage error too', async () => {
  await mkdir(join(folder, 'empty'));
  await expect(findTraceFiles([join(folder, 'empty')])).rejects.toMatchObject({ kind: 'usage' });
});
