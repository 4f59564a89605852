import { findInjections } from '../../safety/index.ts';
import { type Episode, oneLine } from './episode.ts';
import { shortened } from './episode-request.ts';
import type { Part } from './part.ts';

const TITLE_CHARACTERS = 80;
const MESSAGE_CHARACTERS = 240;
const ALL_CHARACTERS = 1_150;

/** What a model is asked about at all, and what is kept without one; letters, of which a sign of Chinese is three. */
const WORTH_ASKING = 40;
const WORTH_KEEPING = 120;

/** Whether the user said enough for a model to find something worth remembering in it. */
export const isWorthAsking = ({ turns }: Pick<Part, 'turns'>): boolean => letters(turns) >= WORTH_ASKING;

/**
 * An episode without a model: the user's own words, shortened; the first messages and the last ones where they are too
 * many. Always the same for the same part. Undefined where little was said.
 */
export function extractEpisode({ turns }: Pick<Part, 'turns'>): Episode | undefined {
  if (letters(turns) < WORTH_KEEPING) return undefined;
  const said = turns
    .map((turn) => shortened(oneLine(turn.said.join(' ')), MESSAGE_CHARACTERS))
    .filter((text) => text !== '' && findInjections(text).length === 0);
  const [first] = said;
  if (first === undefined) return undefined;
  return {
    title: shortened(first, TITLE_CHARACTERS),
    summary: ['The user said:', ...chosen(said).map((text) => `- ${text}`)].join('\n'),
    decided: [],
    open: [],
    facts: [],
  };
}

const letters = (turns: Part['turns']): number =>
  turns
    .flatMap(({ said }) => said)
    .reduce((sum, text) => sum + (text.match(LETTER)?.length ?? 0) + 2 * (text.match(SIGN)?.length ?? 0), 0);

const LETTER = /[\p{L}\p{N}]/gu;
const SIGN = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu;

function chosen(said: readonly string[]): readonly string[] {
  const head: string[] = [];
  const tail: string[] = [];
  let room = ALL_CHARACTERS;
  for (let at = 0; at < said.length; at++) {
    const isHead = at % 2 === 0;
    const text = isHead ? said[at / 2] : said[said.length - (at + 1) / 2];
    if (text === undefined || text.length + 3 > room) break;
    room -= text.length + 3;
    if (isHead) head.push(text);
    else tail.unshift(text);
  }
  return head.length + tail.length < said.length ? [...head, '…', ...tail] : [...head, ...tail];
}
