import { expect, test } from 'vitest';
import { diverse } from './diversity.ts';

const hits = [
  { text: 'the cat sat on the mat', score: 1 },
  { text: 'the cat sat on a mat', score: 0.9 },
  { text: 'dogs bark', score: 0.5 },
];
const order = (diversity: number) => diverse(hits, diversity).map((hit) => hits.indexOf(hit));

test('by score alone, hits stay in their order', () => expect(order(0)).toEqual([0, 1, 2]));
test('what repeats a better hit comes later', () => expect(order(0.5)).toEqual([0, 2, 1]));
test('hits without words are nobody’s repetition', () => {
  expect(
    diverse(
      [
        { text: '…', score: 1 },
        { text: '', score: 0 },
      ],
      0.5,
    ),
  ).toHaveLength(2);
});
