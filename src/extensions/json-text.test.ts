import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './json-text.ts';

function builtIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ours(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** Text that is JSON but for a few characters. */
const almostJson = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]",:\\u0-+.eE\n\t tfn/'.split('')))
  .map(
    ([text, at, character]) =>
      text.slice(0, at % (text.length + 1)) + character + text.slice(at % text.length),
  );

test('it reads what the engine reads, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), almostJson), (text) => {
      const parsed = parseJson(text);
      if (!parsed.ok && parsed.error.message.includes('only once')) return;
      expect(ours(text)).toEqual(builtIn(text));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  '01',
  '-',
  '+1',
  '1.',
  '.5',
  '1e',
  'NaN',
  'Infinity',
  '-0',
  '1e3',
  '"\\x"',
  '"\\u12"',
  '"\\u12G4"',
  '"\\ud800"',
  '"\t"',
  '"\u2028"',
  'tru',
  'truex',
  '[1,]',
  '[,1]',
  '{,}',
  '{"a" 1}',
  '{"a":1 "b":2}',
  '\u00a01',
  '\ufeff1',
  '1 ',
  '""',
])('it agrees with the engine on %j', (text) => {
  expect(ours(text)).toEqual(builtIn(text));
});

test('a key that is written twice is refused, also in another spelling', () => {
  expect(parseJson('{"a":1,"\\u0061":2}')).toMatchObject({ error: { line: 1, column: 8 } });
  expect(parseJson('{"a":{"b":1},"b":{"b":1}}').ok).toBe(true);
});

test('nesting ends at 64 levels', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(parseJson(nested(65)).ok).toBe(true);
  expect(parseJson(nested(66)).ok).toBe(false);
});

test('there may be 10,000 values', () => {
  const values = (count: number) => `[${Array(count).fill('1').join(',')}]`;
  expect(parseJson(values(9_999)).ok).toBe(true);
  expect(parseJson(values(10_000))).toMatchObject({
    error: { message: expect.stringContaining('10000 values') },
  });
});
