import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesName } from './index.ts';

test.each([
  ['github_token', ['github_token'], true],
  ['github_token', ['github_*'], true],
  ['github_', ['github_*'], true],
  ['github', ['github_*'], false],
  ['xgithub_a', ['github_*'], false],
  ['anything', ['*'], true],
  ['', ['*'], true],
  ['abcabc', ['a*c'], true],
  ['ac', ['a*c'], true],
  ['a', ['a*a'], false],
  ['aXbYc', ['a*b*c'], true],
  ['acb', ['a*b*c'], false],
  ['a.b', ['a?b'], false],
  ['axb', ['a.b'], false],
  ['B', ['b'], false],
  ['b', ['a', 'b'], true],
  ['b', [], false],
])('%s against %j: %s', (name, globs, expected) => {
  expect(matchesName(name, globs)).toBe(expected);
});

test('it agrees with a regular expression', () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
  fc.assert(
    fc.property(text('ab'), text('ab*'), (name, glob) => {
      const expression = new RegExp(`^${glob.replaceAll('*', '.*')}$`);
      expect(matchesName(name, [glob])).toBe(expression.test(name));
    }),
    { numRuns: 2000 },
  );
});

test('no glob makes it slow', () => {
  const name = 'a'.repeat(100_000);
  expect(matchesName(name, [`${'*a'.repeat(20_000)}*b`])).toBe(false);
});
