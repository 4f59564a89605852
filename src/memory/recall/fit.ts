import { fold, type Topic, type TopicWord, wordsIn } from '../../routing/index.ts';
import type { SearchHit } from '../search.ts';

/** How well a passage fits what a message is about. */
export interface Fit {
  readonly hit: SearchHit;
  /** The part of the message's words that it has, by weight, from 0 to 1. More where its path has a name of them. */
  readonly coverage: number;
  readonly matched: readonly TopicWord[];
}

/** A name tells one thing from all others; a verb like "send" tells next to nothing. */
const WEIGHTS = { name: 2, thing: 1, deed: 0.3 } as const;

export function fitOf(hit: SearchHit, { words }: Topic): Fit {
  const title = fold(hit.path.replace(/\.md$/, ''));
  const text = `${title} ${fold(hit.snippet)}`;
  const tokens = wordsIn(text);
  const matched = words.filter((word) => holds(text, tokens, word));
  const coverage = weightOf(matched) / Math.max(weightOf(words), 1);
  const isAbout = matched.some((word) => word.kind === 'name' && holds(title, wordsIn(title), word));
  return { hit, matched, coverage: isAbout ? Math.min(1, coverage + IS_ABOUT) : coverage };
}

/** A document that is called by the name is about whoever has it. */
const IS_ABOUT = 0.15;

const weightOf = (words: readonly TopicWord[]): number =>
  words.reduce((sum, { kind }) => sum + WEIGHTS[kind], 0);

/** Another form of the word is as good; part of another word is not, except in a script without spaces. */
function holds(text: string, tokens: readonly string[], { stem }: TopicWord): boolean {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(stem)) return text.includes(stem);
  return tokens.some((token) => token.startsWith(stem) && token.length <= stem.length + LONGEST_ENDING);
}

const LONGEST_ENDING = 5;
