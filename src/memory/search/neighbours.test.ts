import { expect, test } from 'vitest';
import { type Placed, uncounted, withNeighbours } from './neighbours.ts';

const turn = (number: number, score: number, more: Partial<Placed> = {}): Placed => ({
  path: `chat/turn-${number}.md`,
  score,
  characters: 100,
  isAlone: true,
  ...more,
});
const score = (chunks: readonly Placed[], number: number) =>
  withNeighbours(chunks).find(({ path }) => path === `chat/turn-${number}.md`)?.score;

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

test('chunks of one document have nothing of each other, nor of the next document', () => {
  const parts = [turn(1, 0.9, { isAlone: false }), turn(1, 0.1, { isAlone: false }), turn(2, 0.5)];
  expect(withNeighbours(parts)).toEqual(parts);
});

test('characters are asked for only of what leans on something, and only where they were not counted', () => {
  const unknown = { characters: undefined };
  const chunks = [
    turn(1, 0.9),
    turn(2, 0.2, unknown),
    turn(5, 0.3, unknown),
    turn(3, 0.1, { ...unknown, isAlone: false }),
  ];
  expect(uncounted(chunks)).toEqual([chunks[1]]);
});
