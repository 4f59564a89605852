import { keyOf, type Place, placesBeside } from './series.ts';

export interface Placed extends Place {
  readonly id: number;
  readonly score: number;
  /** UTF-16 units of its text. */
  readonly characters: number;
  /** Whether it is all of its document. */
  readonly isAlone: boolean;
}

/**
 * Adds to each chunk a part of the scores of those beside it: what is said in a dialogue or a list is about what was said
 * just before, and answers rather than asks. The shorter a chunk, the more it leans on them; one of 500 characters or more
 * speaks for itself (for those any part of others' scores makes the order worse). Measured by `bench/memory.ts`, flat
 * between 0.3 and 0.5 for what stands before and 0.1 and 0.3 for what stands behind.
 */
export function withNeighbours<T extends Placed>(chunks: readonly T[]): readonly T[] {
  const scoresOf = (isAlone: boolean) =>
    new Map(chunks.filter((one) => one.isAlone === isAlone).map((one) => [keyOf(one), one.score]));
  // A document of several chunks is no part of a series of documents.
  const [alone, parts] = [scoresOf(true), scoresOf(false)];
  return chunks.map((chunk) => {
    const scores = chunk.isAlone ? alone : parts;
    const scoreOf = (place: Place | undefined) => (place && scores.get(keyOf(place))) ?? 0;
    const { before, behind } = placesBeside(chunk, chunk.isAlone);
    const context = FROM_BEFORE * scoreOf(before) + FROM_BEHIND * scoreOf(behind);
    return { ...chunk, score: chunk.score + leaning(chunk) * context };
  });
}

const FROM_BEFORE = 0.4;
const FROM_BEHIND = 0.2;
const OWN_CONTEXT_CHARACTERS = 500;

const leaning = ({ characters }: Placed): number => Math.max(0, 1 - characters / OWN_CONTEXT_CHARACTERS);
