import { expect, test } from 'vitest';
import { vectorWeight } from './weight.ts';

const known = { speaks: 1, covers: 1 };

test('the more of a query is found word for word, the less vectors count', () => {
  const weights = [0, 0.2, 0.4, 0.75, 1].map((coverage) => vectorWeight({ coverage, ...known }));
  expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  expect(weights.at(0)).toBe(0.75);
  expect(weights.at(-1)).toBe(0);
});

test('vectors count for nothing in a language that the model does not know', () => {
  expect(vectorWeight({ coverage: 0.1, speaks: 0.3, covers: 1 })).toBe(0);
});

test('vectors count by how many there are', () => {
  expect(vectorWeight({ coverage: 0, speaks: 1, covers: 0.5 })).toBe(0.375);
});
