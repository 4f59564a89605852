import { type CompiledLanguage, compileLanguage, words } from './compiled-language.ts';
import type { Language } from './language.ts';
import { dutch } from './languages/dutch.ts';
import { english } from './languages/english.ts';
import { french } from './languages/french.ts';
import { german } from './languages/german.ts';
import { italian } from './languages/italian.ts';
import { portuguese } from './languages/portuguese.ts';
import { russian } from './languages/russian.ts';
import { spanish } from './languages/spanish.ts';

/** Those written in Latin letters. English first: it wins where nothing tells. */
const LATIN: readonly Language[] = [english, german, french, spanish, italian, portuguese, dutch];
const CYRILLIC: readonly Language[] = [russian];

/** Compiled when first met: most people write in one or two of them. */
const compiled = new Map<Language, CompiledLanguage>();

export function compiledLanguage(language: Language): CompiledLanguage {
  const known = compiled.get(language);
  if (known) return known;
  const made = compileLanguage(language);
  compiled.set(language, made);
  return made;
}

/** The languages that a text may be in, likeliest first: those with the most weight of small words, all if none has any. */
export function languagesOf(tokens: readonly string[]): readonly Language[] {
  if (tokens.some((token) => /\p{Script=Cyrillic}/u.test(token))) return CYRILLIC;
  const scores = LATIN.map(() => 0);
  for (const token of tokens.slice(0, MOST_WORDS)) {
    const holders = holdersOf(token);
    for (const at of holders) scores[at] = (scores[at] ?? 0) + 1 / holders.length;
  }
  const best = Math.max(...scores);
  if (best === 0) return LATIN;
  return LATIN.filter((_, at) => (scores[at] ?? 0) > best - TIE);
}

/** Words that are looked at to tell the language. */
const MOST_WORDS = 200;
/** Languages that are so close to the best one are tried as well. */
const TIE = 0.3;

let marks: ReadonlyMap<string, readonly number[]> | undefined;

function holdersOf(token: string): readonly number[] {
  marks ??= readMarks();
  return marks.get(token) ?? [];
}

function readMarks(): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  for (const [at, language] of LATIN.entries()) {
    for (const word of new Set(words(language.marks))) {
      const others = holders.get(word);
      if (others) others.push(at);
      else holders.set(word, [at]);
    }
  }
  return holders;
}
