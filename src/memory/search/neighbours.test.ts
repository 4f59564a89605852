import { expect, test } from 'vitest';
import { type Placed, withNeighbours } from './neighbours.ts';

const turn = (number: number, score: number, more: Partial<Placed> = {}): Placed => ({
  id: number,
  path: `chat/turn-${number}.md`,
  number: 0,
  score,
  characters: 100,
  isAlone: true,
  ...more,
});
const score = (chunks: readonly Placed[], id: number) =>
  withNeighbours(chunks).find((one) => one.id === id)?.score;

test('an answer gains from the question before it', () => {
  const chunks = [turn(1, 0.9), turn(2, 0.2), turn(5, 0.3)];
  expect(score(chunks, 2)).toBeCloseTo(0.2 + 0.8 * 0.4 * 0.9);
  expect(score(chunks, 5)).toBe(0.3);
  // And the question, less, from its answer.
  expect(score(chunks, 1)).toBeCloseTo(0.9 + 0.8 * 0.2 * 0.2);
});

test('a long passage speaks for itself', () => {
  expect(score([turn(1, 0.9), turn(2, 0.2, { characters: 2_000 })], 2)).toBe(0.2);
});

test('chunks of a document have each other, not those of the next document', () => {
  const inside = { path: 'day-1.md', isAlone: false };
  const chunks = [
    turn(1, 0.5, { ...inside, number: 0 }),
    turn(2, 0.1, { ...inside, number: 1 }),
    turn(3, 0.9, { path: 'day-2.md' }),
  ];
  expect(score(chunks, 2)).toBeCloseTo(0.1 + 0.8 * 0.4 * 0.5);
  expect(score(chunks, 3)).toBe(0.9);
});
