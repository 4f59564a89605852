/**
 * What the user says in a message, without what it only shows: code, quotations, quoted lines, addresses and paths.
 * Each leaves a mark behind, so that "fix this: …" is still about something.
 */
export function spoken(text: string): string {
  return text
    .replace(/```[\s\S]*?(?:```|$)/g, `\n`)
    .replace(/`[^`\n]*`/g, THING)
    .replace(/^\s*>.*$/gm, '')
    .replace(/[“„«「『"]([^“”„«»「」『』"\n]{1,2000})[”“»」』"]/g, THING)
    .replace(/\bhttps?:\/\/\S*[^\s.,;:!?)]/gi, THING)
    .replace(/(^|\s)(?:~|\.{1,2})?(?:\/[\w.@+~-]+)+\/?(?=[\s,;:!?.)]|$)/g, `$1${THING}`)
    .replace(/(?<![\w-])[\w-]{1,80}\.(?:[a-z]{1,4}\d?)\b(?!\.\w)/gi, THING);
}

/** A word of no language. */
const THING = ' 0 ';

export interface Sentence {
  readonly text: string;
  readonly asks: boolean;
}

/** Sentences and lines, with whether a question mark ends them. Of very many, the first and the last. */
export function sentencesOf(text: string): readonly Sentence[] {
  return ends(text.match(SENTENCES) ?? [])
    .map((sentence) => ({ text: sentence.trim(), asks: /[?？؟]/.test(sentence) }))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence.text));
}

const ends = (all: readonly string[]): readonly string[] =>
  all.length <= 2 * MOST_SENTENCES ? all : [...all.slice(0, MOST_SENTENCES), ...all.slice(-MOST_SENTENCES)];

const MOST_SENTENCES = 25;

const SENTENCES = /[^.?!。？！؟…\n]+(?:[.?!。？！؟…]+|\n|$)/g;
