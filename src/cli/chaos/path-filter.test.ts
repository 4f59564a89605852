import { describe, expect, test } from 'vitest';
import { createPathTest } from './path-filter.ts';

const matches = (pattern: string, path: string) => createPathTest({ only: [pattern], except: [] })(path);

describe('a pattern', () => {
  test.each([
    ['root/*', 'root/work', true],
    ['root/*', 'root', false],
    ['root/*', 'root/work/a', false],
    ['root/**', 'root', true],
    ['root/**', 'root/work/a', true],
    ['root/**/turn', 'root/turn', true],
    ['root/**/turn', 'root/s/t/turn', true],
    ['root/**/turn', 'root/s/return', false],
    ['**/tool-call:*', 'root/s/turn/tool-call:write_file#3', true],
    ['root/s.1', 'root/s.1', true],
    ['root/s.1', 'root/sx1', false],
    ['root/(a|b)', 'root/a', false],
    ['roo', 'root', false],
  ])('%s against %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });
});

test('without patterns every path is let through; what is spared is spared whatever was wanted', () => {
  expect(createPathTest({ only: [], except: [] })('root/a')).toBe(true);
  const path = createPathTest({ only: ['root/**'], except: ['root/a/**'] });
  expect([path('root/b'), path('root/a'), path('root/a/x')]).toEqual([true, false, false]);
});
