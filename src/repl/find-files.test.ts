import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFiles } from './find-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-find-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function files(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
}

test('the beginning of the path counts before that of the name, and that before letters', async () => {
  files('plan.md', 'notes/plan.md', 'notes/a-plan.md', 'p/l/x.md');
  expect(await findFiles(folder, 'plan')).toEqual(['plan.md']);
  expect(await findFiles(folder, 'a-p')).toEqual(['notes/a-plan.md']);
  expect(await findFiles(folder, 'notes/PL')).toEqual(['notes/plan.md']);
  expect(await findFiles(folder, 'plx')).toEqual(['p/l/x.md']);
  expect(await findFiles(folder, 'nothing')).toEqual([]);
});

test('nothing outside the folder is looked at, whether by dots or by a link', async () => {
  files('in/one.md', 'out/secret.md');
  symlinkSync(join(folder, 'out'), join(folder, 'in', 'link'));
  expect(await findFiles(join(folder, 'in'), '../out/s')).toEqual([]);
  expect(await findFiles(join(folder, 'in'), 'secret')).toEqual([]);
  expect(await findFiles(join(folder, 'in'), '/')).toEqual([]);
});

test('hidden files are found by their dot, and names that could steer a terminal never', async () => {
  files('.env', 'plain.md', 'bad\x1b[2J.md');
  expect(await findFiles(folder, '')).toEqual(['plain.md']);
  expect(await findFiles(folder, '.e')).toEqual(['.env']);
  expect(await findFiles(folder, 'bad')).toEqual([]);
});
