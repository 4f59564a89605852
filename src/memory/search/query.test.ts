import { expect, test } from 'vitest';
import { holdsPhrases, isExcluded, readQuery } from './query.ts';

test('phrases and what may not be there are told from words', () => {
  expect(readQuery('tea "Earl  Grey" -milk -"brown sugar" well-known')).toEqual({
    text: expect.stringMatching(/^tea\s+earl grey\s+well-known$/),
    phrases: ['earl grey'],
    excluded: ['milk', 'brown sugar'],
  });
});

test.each(['""', '-', '-5', 'a -- b', '"', '"-"', '-"'])('%j is plain', (text) => {
  const { phrases, excluded } = readQuery(text);
  expect([...phrases, ...excluded]).toEqual([]);
});

test('a phrase is there over line breaks and in any letter case', () => {
  const query = readQuery('"ships in autumn"');
  expect(holdsPhrases('Beta Ships\nin  autumn.', query)).toBe(true);
  expect(holdsPhrases('Ships late in autumn.', query)).toBe(false);
});

test('a word that may not be there is meant whole', () => {
  const query = readQuery('x -red');
  expect(isExcluded('Redistribute', query)).toBe(false);
  expect(isExcluded('redistribute, (Red)', query)).toBe(true);
});

test('what a database cannot hold, and what is very long, is cut off', () => {
  expect(readQuery('a\0b\ud800').text).toBe('a b\ufffd');
  expect(readQuery('zebra '.repeat(50_000)).text.length).toBeLessThanOrEqual(4_000);
});
