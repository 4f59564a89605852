import type { Meanings } from './meanings.ts';
import type { Postings } from './postings.ts';

/** What a query comes to for one tool. */
export interface Tally {
  /** The tool, by its place in the list. */
  readonly at: number;
  readonly score: number;
  /** How many of the query's words the tool answers to. */
  readonly answered: number;
}

/**
 * Counts queries: each word once for a tool, by the best of what it may mean there. What it counts on is made once and
 * used again, because a query touches thousands of places in it; between two queries all of it is zero.
 */
export function createTally(
  tools: number,
  postings: Postings,
): (query: readonly Meanings[]) => readonly Tally[] {
  const scores = new Float64Array(tools);
  const answered = new Uint16Array(tools);
  const best = new Float64Array(tools);
  const touched: number[] = [];

  function note(meanings: Meanings): void {
    for (const [word, weight] of meanings) {
      for (const { at, value } of postings.get(word) ?? []) {
        if (best[at] === 0) touched.push(at);
        best[at] = Math.max(best[at] ?? 0, value * weight);
      }
    }
  }

  function settle(): void {
    for (const at of touched) {
      scores[at] = (scores[at] ?? 0) + (best[at] ?? 0);
      answered[at] = (answered[at] ?? 0) + 1;
      best[at] = 0;
    }
    touched.length = 0;
  }

  return (query) => {
    for (const meanings of query) {
      note(meanings);
      settle();
    }
    const tallies: Tally[] = [];
    for (let at = 0; at < tools; at++) {
      if (answered[at] !== 0) tallies.push({ at, score: scores[at] ?? 0, answered: answered[at] ?? 0 });
    }
    scores.fill(0);
    answered.fill(0);
    return tallies;
  };
}
