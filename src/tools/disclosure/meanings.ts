import type { NearestWords } from './nearest-words.ts';
import { synonymsOf, withPhrases } from './synonyms.ts';
import { stemOf, wordsOf } from './words.ts';

/** What one word of a query may mean: words that are said of tools, each with how much it counts, 1 at most. */
export type Meanings = ReadonlyMap<string, number>;

/** What another word for the same counts: more where the word itself is said of no tool. */
const SYNONYM = 0.45;
const STAND_IN = 0.7;
/** Verbs that go with everything, and so say little. */
const LIGHT: ReadonlySet<string> = new Set(
  'take make put get go let tell say give know see come bring keep try'.split(' ').map(stemOf),
);
const LIGHTNESS = 0.5;
/** What a word counts that was perhaps mistyped. */
const TYPO = 0.7;

/** Of a query; a longer one names no tool any better. */
const MAX_WORDS = 48;
/** Of the words that nothing is known of. Looking for what they were to be takes the longest. */
const MAX_TYPOS = 6;

/** Characters of a query that are looked at: enough for all its words, and not a whole pasted page. */
const MAX_CHARACTERS = 1_000;

/** What the words of a query may mean; words that mean nothing here are left out. */
export function meaningsOf(
  query: string,
  isKnown: (word: string) => boolean,
  nearest: NearestWords,
): readonly Meanings[] {
  const words = [...new Set(wordsOf(withPhrases(query.slice(0, MAX_CHARACTERS))))].slice(0, MAX_WORDS);
  let typos = 0;
  return words.flatMap((word) => {
    const meanings = meaningsOfWord(word, isKnown);
    if (meanings.size > 0) return [meanings];
    const meant = typos++ < MAX_TYPOS ? nearest.of(word) : [];
    return meant.length > 0 ? [mistyped(meant, isKnown)] : [];
  });
}

function meaningsOfWord(word: string, isKnown: (word: string) => boolean): Meanings {
  const others = [...synonymsOf(word)].filter(isKnown);
  if (!isKnown(word)) return new Map(others.map((other) => [other, STAND_IN]));
  const weight = LIGHT.has(word) ? LIGHTNESS : 1;
  return new Map([...others.map((other) => [other, SYNONYM * weight] as const), [word, weight]]);
}

function mistyped(meant: readonly string[], isKnown: (word: string) => boolean): Meanings {
  const all = new Map<string, number>();
  for (const word of meant) {
    for (const [other, weight] of meaningsOfWord(word, isKnown))
      all.set(other, Math.max(all.get(other) ?? 0, weight * TYPO));
  }
  return all;
}
