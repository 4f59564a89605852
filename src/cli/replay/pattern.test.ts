import { expect, test } from 'vitest';
import { patternFromRust } from './pattern.ts';

function matches(source: string, text: string): boolean {
  const pattern = patternFromRust(source);
  if (!pattern.ok) throw new Error(pattern.error);
  return pattern.value.test(text);
}

test('leading flags become flags of the whole', () => {
  expect(matches('(?i)(hello|hi)', 'HELLO')).toBe(true);
  expect(matches('(hello|hi)', 'HELLO')).toBe(false);
  expect(matches('(?is)a.b', 'A\nB')).toBe(true);
  expect(matches('(?m)^two$', 'one\ntwo\nthree')).toBe(true);
});

test('flags of a group stay with the group', () => {
  expect(matches('a(?i:b)', 'aB')).toBe(true);
  expect(matches('a(?i:b)', 'AB')).toBe(false);
});

test('named groups and text ends are respelled', () => {
  expect(matches('(?P<year>\\d{4})', 'in 2026')).toBe(true);
  expect(matches('(?m)\\Aone\\z', 'one\ntwo')).toBe(false);
  expect(matches('\\Aone\\z', 'one')).toBe(true);
});

test('escapes that Rust takes and JavaScript does not need are taken', () => {
  expect(matches("issue \\#\\d+\\: it\\'s", "issue #12: it's")).toBe(true);
  expect(matches('\\\\P', 'a\\P')).toBe(true);
  expect(matches('^[a\\-c]+\\-\\_\\.$', 'a-c-_.')).toBe(true);
});

test('classes of characters by Unicode property work', () => {
  expect(matches('^\\p{L}+$', 'Überraschung')).toBe(true);
});

test('what cannot be understood is an error that says why', () => {
  expect(patternFromRust('(?x) a b')).toEqual({ ok: false, error: 'the flag x has no counterpart here' });
  expect(patternFromRust('a(').ok).toBe(false);
});
