import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteBegin, noteEnd } from './last-end.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ironbark-end-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('an assistant that came to a good end leaves no trace', () => {
  expect(noteBegin(home)).toBe(false);
  noteEnd(home);
  expect(noteBegin(home)).toBe(false);
});

test('one that was cut off is known to the next, until one comes to a good end', () => {
  noteBegin(home);
  expect(noteBegin(home)).toBe(true);
  expect(noteBegin(home)).toBe(true);
  noteEnd(home);
  expect(noteBegin(home)).toBe(false);
});

test('a folder that takes no note counts as one where the last was cut off', () => {
  expect(noteBegin(join(home, 'missing'))).toBe(true);
});
