import { expect, test } from 'vitest';
import { fuse, type Scores } from './fuse.ts';

const scores = (entries: Readonly<Record<number, number>>): Scores =>
  new Map(Object.entries(entries).map(([id, score]) => [Number(id), score]));
const order = (fused: Scores): number[] => [...fused].sort(([, a], [, b]) => b - a).map(([id]) => id);

const text = scores({ 1: 8, 2: 4, 3: 2 });
const vectors = scores({ 3: 0.8, 4: 0.4, 1: 0.2 });

test('words and meaning add up in parts of the best of each', () => {
  const fused = fuse({ text, vectors, weight: 0.5 }, 'convex');
  expect(Object.fromEntries(fused)).toEqual({ 1: 0.625, 2: 0.25, 3: 0.625, 4: 0.25 });
});

test('without weight, vectors change nothing', () => {
  expect(order(fuse({ text, vectors, weight: 0 }, 'convex')).slice(0, 3)).toEqual([1, 2, 3]);
});

test('vectors that are all alike leave the order to the words', () => {
  const alike = scores({ 3: 0.71, 2: 0.7, 1: 0.69 });
  expect(order(fuse({ text, vectors: alike, weight: 0.5 }, 'convex'))).toEqual([1, 2, 3]);
});

test('either list can be had alone', () => {
  expect(order(fuse({ text, vectors, weight: 0.5 }, 'text'))).toEqual([1, 2, 3]);
  expect(order(fuse({ text, vectors, weight: 0.5 }, 'vectors'))).toEqual([3, 4, 1]);
});

test('ranks alone count where ranks are asked for', () => {
  const fused = fuse(
    { text: scores({ 1: 100, 2: 99 }), vectors: scores({ 2: 0.9, 3: 0.1 }), weight: 0 },
    'rrf',
  );
  expect(order(fused)).toEqual([2, 1, 3]);
  expect(fused.get(2)).toBe(1);
});

test('what points the other way is no better than what says nothing', () => {
  expect(fuse({ text: new Map(), vectors: scores({ 1: 0.5, 2: -0.5 }), weight: 1 }, 'vectors').get(2)).toBe(
    0,
  );
  expect(fuse({ text: new Map(), vectors: scores({ 1: -0.5 }), weight: 1 }, 'vectors').size).toBe(0);
});
