import { expect, test } from 'vitest';
import { siblingsOf } from './series.ts';

test.each([
  ['chat/turn-11.md', ['chat/turn-10.md', 'chat/turn-12.md']],
  ['chat/D3-9.md', ['chat/D3-8.md', 'chat/D3-10.md']],
  ['chat/009.md', ['chat/008.md', 'chat/010.md']],
  ['daily/2026-03-04.md', ['daily/2026-03-03.md', 'daily/2026-03-05.md']],
  ['part 1 (draft).md', ['part 0 (draft).md', 'part 2 (draft).md']],
  ['chat/turn-0', ['chat/turn-1']],
  ['2026/summary.md', []],
  ['notes.md', []],
])('beside %s stand its siblings by number', (path, siblings) => {
  const { before, behind } = siblingsOf(path);
  expect([before, behind].filter((sibling) => sibling !== undefined)).toEqual(siblings);
});
