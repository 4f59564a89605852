import type { ToolDescription } from '../../llm/index.ts';
import { toolWords } from './tool-words.ts';
import { wordsOf } from './words.ts';

/** What a word counts for a tool that it is said of. */
export interface Posting {
  /** The tool, by its place in the list. */
  readonly at: number;
  readonly value: number;
}

/**
 * As in BM25: how soon a word that is said again ceases to count, and how much brevity does. These and all other weights
 * of the search were set by the tuned queries of `bench/tool-search.ts`.
 */
const SATURATION = 0.8;
const BREVITY = 0.5;

/** A name begins with the service that the tool belongs to, and who names that means no other. */
const SERVICE = 1.3;

/** Where each word is said of which tools, with what BM25 makes of it. */
export type Postings = ReadonlyMap<string, readonly Posting[]>;

/** Linear in the words of the tools. */
export function postingsOf(tools: readonly ToolDescription[]): Postings {
  const documents = tools.map(toolWords);
  const lengths = documents.map((words) => sum(words.values()));
  const usual = sum(lengths) / Math.max(1, lengths.length);
  const services = tools.map(({ name }) => wordsOf(name)[0]);
  const raw = new Map<string, Posting[]>();
  for (const [at, words] of documents.entries()) {
    const room = SATURATION * (1 - BREVITY + (BREVITY * (lengths[at] ?? 0)) / usual);
    for (const [word, weight] of words) {
      const list = raw.get(word) ?? [];
      const emphasis = word === services[at] ? SERVICE : 1;
      list.push({ at, value: (emphasis * weight * (SATURATION + 1)) / (weight + room) });
      raw.set(word, list);
    }
  }
  return new Map([...raw].map(([word, list]) => [word, weighed(list, tools.length)]));
}

/** A word that few tools have tells more. */
function weighed(list: readonly Posting[], tools: number): readonly Posting[] {
  const rarity = Math.log(1 + (tools - list.length + 0.5) / (list.length + 0.5));
  return list.map(({ at, value }) => ({ at, value: value * rarity }));
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
