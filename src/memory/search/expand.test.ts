import { expect, test } from 'vitest';
import { expanded } from './expand.ts';

const chunk = (score: number, ...terms: (readonly [term: string, count: number, idf: number])[]) => ({
  score,
  length: 10,
  terms: terms.map(([term, count, idf]) => ({ term, count, idf })),
});
const weights = (...given: Parameters<typeof expanded>) =>
  new Map(expanded(...given).map(({ term, weight }) => [term, weight]));
const query = [
  { term: 'wing', weight: 1 },
  { term: 'flutter', weight: 1 },
];

test('what the best hits have in common joins the query, rare terms and good hits first', () => {
  const all = weights(query, [
    chunk(3, ['wing', 2, 2], ['panel', 2, 4], ['also', 2, 0.1]),
    chunk(1, ['panel', 1, 4], ['rivet', 2, 4]),
  ]);
  const weightOf = (term: string) => all.get(term) ?? 0;
  expect(weightOf('panel')).toBeGreaterThan(weightOf('rivet'));
  expect(weightOf('rivet')).toBeGreaterThan(weightOf('also'));
  expect(weightOf('wing')).toBeGreaterThan(weightOf('flutter'));
  expect(weightOf('flutter')).toBeCloseTo(0.3);
});

test('a query keeps its weight, however much is added', () => {
  const terms = Array.from({ length: 200 }, (_, at) => [`t${at}`, 1, 3] as const);
  const all = expanded(query, [chunk(1, ...terms)]);
  expect(all.length).toBe(22);
  expect(all.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
});

test('without hits it is as it was', () => {
  expect(Object.fromEntries(weights(query, []))).toEqual({ wing: 0.5, flutter: 0.5 });
});
