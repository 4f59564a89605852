import { expect, test } from 'vitest';
import { isReadable } from './readable-path.ts';

test.each<[path: string, prefixes: readonly string[], readable: boolean]>([
  ['notes/a', ['notes'], true],
  ['notes', ['notes'], true],
  ['notes/a/b.md', ['notes/'], true],
  ['notes/..a', ['notes'], true],
  ['b/x', ['a', 'b'], true],
  ['anything/at/all', [''], true],
  ['notes/a', [], false],
  ['notes-of-others/a', ['notes'], false],
  ['Notes/a', ['notes'], false],
  ['other', ['notes'], false],
  ['note', ['notes'], false],
  ['', ['notes'], false],
  ['', [''], false],
  ['notes/', ['notes'], false],
  ['notes//a', ['notes'], false],
  ['notes/./a', ['notes'], false],
  ['notes/../notes/a', ['notes'], false],
  ['../notes/a', ['notes'], false],
  ['..', [''], false],
  ['/notes/a', ['notes'], false],
  ['/etc/passwd', [''], false],
  ['notes\\..\\secret', ['notes'], false],
  ['notes/a\0.md', ['notes'], false],
  ['c:/notes', [''], false],
  ['C:notes', [''], false],
  [`notes/${'x'.repeat(1_018)}`, ['notes'], true],
  [`notes/${'x'.repeat(1_019)}`, ['notes'], false],
])('%j below %j: %s', (path, prefixes, readable) => {
  expect(isReadable(path, prefixes)).toBe(readable);
});
