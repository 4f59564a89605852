import { expect, test } from 'vitest';
import { type MemoryNode, nested } from './nested.ts';

const drawn = (nodes: readonly MemoryNode[], depth = 0): string[] =>
  nodes.flatMap(({ name, children }) => [
    `${' '.repeat(depth)}${name}${children ? '/' : ''}`,
    ...drawn(children ?? [], depth + 1),
  ]);

test('nests documents in folders, folders first, numbers as numbers', () => {
  const paths = ['notes/10.md', 'notes/9.md', 'MEMORY.md', 'notes/deep/er/a.md', 'about.md'];
  expect(drawn(nested(paths))).toEqual([
    'notes/',
    ' deep/',
    '  er/',
    '   a.md',
    ' 9.md',
    ' 10.md',
    'about.md',
    'MEMORY.md',
  ]);
});

test('tells a folder from a document of the same name, and gives each its whole path', () => {
  const [folder, document] = nested(['a/b', 'a']);
  expect(folder).toMatchObject({ path: 'a', children: [{ path: 'a/b', name: 'b' }] });
  expect(document).toEqual({ path: 'a', name: 'a' });
});

test('takes names that objects reserve', () => {
  expect(drawn(nested(['__proto__/constructor', 'toString']))).toEqual([
    '__proto__/',
    ' constructor',
    'toString',
  ]);
});
