import type { ToolDescription } from '../../llm/index.ts';
import { meaningsOf } from './meanings.ts';
import { createNearestWords } from './nearest-words.ts';
import { type Postings, postingsOf } from './postings.ts';
import { createTally } from './tally.ts';
import { wordsOf } from './words.ts';

/** Finds tools by what is said of them. */
export interface ToolIndex {
  /** The tools that fit best, best first; none where nothing fits at all. */
  search(query: string, limit: number): readonly RankedTool[];
}

export interface RankedTool {
  readonly tool: ToolDescription;
  /** The score as a part of what the tool's own name scores; from 1 on, all that its name says was asked for. */
  readonly strength: number;
}

/**
 * BM25 over the words of names, descriptions and arguments. Each word of a query counts once for a tool, by the best
 * of what it may mean there, and tools that answer to more of the query's words come first.
 *
 * Cost: making it is linear in the words of all tools; a search, in the tools that share a meaning with the query.
 */
export function createToolIndex(tools: readonly ToolDescription[]): ToolIndex {
  const postings = postingsOf(tools);
  const nearest = createNearestWords(postings.keys());
  const isKnown = (word: string): boolean => postings.has(word);
  const own = ownScores(tools, postings);
  const count = createTally(tools.length, postings);
  return {
    search(query, limit) {
      const meanings = meaningsOf(query, isKnown, nearest);
      return count(meanings)
        .map(({ at, score, answered }) => ({ at, score, rank: score * share(answered, meanings.length) }))
        .sort((a, b) => b.rank - a.rank || a.at - b.at)
        .slice(0, limit)
        .flatMap(({ at, score }) => {
          const tool = tools[at];
          return tool ? [{ tool, strength: score / (own[at] || Number.POSITIVE_INFINITY) }] : [];
        });
    },
  };
}

/** What each tool scores for the words of its own name. */
function ownScores(tools: readonly ToolDescription[], postings: Postings): readonly number[] {
  const names = tools.map(({ name }) => new Set(wordsOf(name)));
  const scores = tools.map(() => 0);
  for (const [word, list] of postings) {
    for (const { at, value } of list) if (names[at]?.has(word)) scores[at] = (scores[at] ?? 0) + value;
  }
  return scores;
}

/** One that answers to half of the words loses a quarter. */
const share = (answered: number, asked: number): number => 0.5 + (0.5 * answered) / asked;
