import { assert, double, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IMPORTANT, importanceOf } from './importance.ts';
import { passageKey } from './passage-key.ts';
import { FACT_HALF_LIFE_DAYS, salience } from './salience.ts';
import { relationOf } from './single-valued.ts';
import { useStatements } from './uses.ts';

describe('salience', () => {
  test('halves in thirty days for what nobody uses', () => {
    const fresh = salience({ importance: 0.6, uses: 0, idleDays: 0 });
    expect(fresh).toBe(0.6);
    expect(salience({ importance: 0.6, uses: 0, idleDays: FACT_HALF_LIFE_DAYS })).toBeCloseTo(0.3);
  });

  test('falls with time, rises with importance and with each use', () => {
    const importance = double({ min: 0.01, max: 1, noNaN: true });
    const days = double({ min: 0, max: 3_000, noNaN: true });
    assert(
      property(importance, integer({ min: 0, max: 20 }), days, (importance, uses, idleDays) => {
        const here = salience({ importance, uses, idleDays });
        expect(here).toBeGreaterThan(0);
        expect(salience({ importance, uses, idleDays: idleDays + 1 })).toBeLessThan(here);
        expect(salience({ importance, uses: uses + 1, idleDays })).toBeGreaterThan(here);
        expect(salience({ importance: importance + 0.1, uses, idleDays })).toBeGreaterThan(here);
      }),
    );
  });
});

describe('importance', () => {
  test.each([
    'Important: the gas tap is behind the stove',
    'Anna is allergic to peanuts',
    'Annas Geburtstag ist im Mai',
    '! the spare key is under the mat',
    'The wifi is called **Otter**',
    'The user lives in Berlin',
    'Tom’s phone number is 555 0199',
  ])('is enough to stay for ever: %s', (text) => {
    expect(importanceOf(text)).toBeGreaterThanOrEqual(IMPORTANT);
  });

  test.each([
    'We decided with Anna Miller on 2026-03-04 to buy 12 chairs',
    'The cat sat on the mat',
    'Tom used to live in Berlin',
  ])('is not: %s', (text) => {
    expect(importanceOf(text)).toBeLessThan(IMPORTANT);
  });

  test('is more for names, numbers, dates and decisions', () => {
    const ranked = [
      'it was nice',
      'it cost 12',
      'met with Anna for 12',
      'decided with Anna to pay 12 on 2026-01-02',
    ].map(importanceOf);
    expect(ranked).toEqual(ranked.toSorted((a, b) => a - b));
    expect(new Set(ranked).size).toBe(4);
  });
});

test('a relation of which there is one is read where it is said plainly', () => {
  expect(relationOf('- Tom lives in **Rome**.')).toEqual({ name: 'lives in', subject: 'tom', value: 'rome' });
  expect(relationOf('Tom’s favourite colour is red')).toMatchObject({ value: 'red' });
  for (const text of [
    'Tom lived in Rome',
    'Tom no longer lives in Rome',
    'Tom lives in Rome until May',
    'Tom has a son',
  ])
    expect(relationOf(text)).toBeUndefined();
});

test('the key of a line is that of its words', () => {
  expect(passageKey('- Zoë likes *tea*.')).toBe(passageKey('zoe LIKES tea'));
  expect(passageKey('likes tea Zoë')).not.toBe(passageKey('Zoë likes tea'));
  expect(passageKey(' - … ')).toBeUndefined();
});

describe('counting uses', () => {
  const countOf = (path: string, text: string) => useStatements([{ path, text }], 0);

  test('is of lines, or of the document where a passage has no whole one', () => {
    const [statement] = countOf('facts/a.md', '- Anna plays the cello\n- Tom lives in Rome');
    expect(statement?.params?.[1]).toHaveLength(2);
    expect(countOf('facts/a.md', 'cello')[0]?.params?.[1]).toEqual(['']);
  });

  test('is not of what does not fade', () => {
    expect(countOf('MEMORY.md', '- Anna plays the cello')).toEqual([]);
  });
});
