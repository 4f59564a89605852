import { expect, test } from 'vitest';
import { keyOf, placesBeside } from './series.ts';

function beside(path: string, number: number, isAlone: boolean): string[] {
  const { before, behind } = placesBeside({ path, number }, isAlone);
  return [before, behind].flatMap((place) => (place ? keyOf(place).replace('\n', ' ') : []));
}

test('beside a chunk stand the chunks of its document', () => {
  expect(beside('a/b-2.md', 3, false)).toEqual(['a/b-2.md 2', 'a/b-2.md 4']);
  expect(beside('a/b-2.md', 0, false)).toEqual(['a/b-2.md 1']);
});

test.each([
  ['chat/turn-11.md', ['chat/turn-10.md 0', 'chat/turn-12.md 0']],
  ['chat/D3-9.md', ['chat/D3-8.md 0', 'chat/D3-10.md 0']],
  ['chat/009.md', ['chat/008.md 0', 'chat/010.md 0']],
  ['daily/2026-03-04.md', ['daily/2026-03-03.md 0', 'daily/2026-03-05.md 0']],
  ['part 1 (draft).md', ['part 0 (draft).md 0', 'part 2 (draft).md 0']],
  ['chat/turn-0', ['chat/turn-1 0']],
  ['2026/summary.md', []],
  ['notes.md', []],
])('beside %s, all of it one chunk, stand its siblings by number', (path, siblings) => {
  expect(beside(path, 0, true)).toEqual(siblings);
});
