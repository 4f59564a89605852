import { phrases, words } from './compiled-language.ts';
import { fold, wordsIn } from './fold.ts';
import { isDefinite, isGeneral } from './general.ts';
import type { Language } from './language.ts';
import { chinese } from './languages/chinese.ts';
import { japanese } from './languages/japanese.ts';
import { compiledLanguage, languagesOf } from './languages.ts';
import { needsMemory } from './needs-memory.ts';
import { spoken } from './spoken.ts';
import { isOfTheCalendar, isWorldName, isWorldNoun } from './world-names.ts';

/** What a message is about. */
export interface Topic {
  /** Its words that tell anything, as they stand in it, in small letters: the names among them first. At most 12. */
  readonly words: readonly TopicWord[];
  /** It speaks of what is the user's own, or of what was said or happened before. */
  readonly isPersonal: boolean;
  /** It asks how the world is: how something works, why it is so, what a city's population is. */
  readonly isGeneral: boolean;
  /** It speaks of something as known: "the boiler". */
  readonly isDefinite: boolean;
}

export interface TopicWord {
  readonly text: string;
  /** `name`: of somebody or something that not everybody knows. `deed`: a verb that any message might have. */
  readonly kind: 'name' | 'thing' | 'deed';
  /** The beginning that its other forms have too, folded. */
  readonly stem: string;
  /** What to search for: the word in English, whose endings the database knows; else its beginning, not folded. */
  readonly search: string;
}

/** Reads it off the words alone, in the languages that `classify` knows. Linear. */
export function topicOf(text: string): Topic {
  const said = spoken(text.slice(0, MOST_CHARACTERS));
  const isPersonal = needsMemory(said);
  const found = SPACELESS.test(said) ? spacelessWords(said) : spacedWords(said);
  const words = distinct(found).sort(namesFirst).slice(0, MOST_WORDS);
  return { words, isPersonal, isGeneral: isGeneral(said), isDefinite: isDefinite(said) };
}

const MOST_CHARACTERS = 4_000;
const MOST_WORDS = 12;
const SPACELESS = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

const RANKS = { name: 0, thing: 1, deed: 2 } as const;
const namesFirst = (a: TopicWord, b: TopicWord): number => RANKS[a.kind] - RANKS[b.kind];

function distinct(found: readonly TopicWord[]): TopicWord[] {
  return [...new Map(found.map((word) => [word.stem, word])).values()];
}

function spacedWords(said: string): readonly TopicWord[] {
  const all = wordsIn(fold(said));
  const languages = languagesOf(all);
  const ofTheWorld = all.some(isWorldNoun);
  return said.split(/(?<=[.?!\n])\s+/).flatMap((sentence) => {
    const tokens = sentence.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return tokens.flatMap((token, at) =>
      topicWord({ token, before: tokens[at - 1], at, ofTheWorld }, languages),
    );
  });
}

interface Placed {
  readonly token: string;
  readonly before: string | undefined;
  /** Its place in the sentence. */
  readonly at: number;
  /** The message asks what the population of a city is, or its like. */
  readonly ofTheWorld: boolean;
}

function topicWord(placed: Placed, languages: readonly Language[]): readonly TopicWord[] {
  const { token } = placed;
  const folded = fold(token);
  if (folded.length < 2 || languages.some((language) => smallWords(language).has(folded))) return [];
  const isVerb = languages.some((language) => isDeed(folded, language));
  const text = token.toLowerCase();
  const stem = languages[0]?.name === 'en' ? englishStemOf(folded) : stemOf(folded);
  const search = languages.some(({ name }) => name === 'en') ? text : text.slice(0, stem.length);
  const word = { text, stem, search };
  if (isName(placed, folded, isVerb, languages)) return [{ ...word, kind: 'name' }];
  return [{ ...word, kind: isVerb ? 'deed' : 'thing' }];
}

function isDeed(folded: string, language: Language): boolean {
  const { acts, tells, says } = compiledLanguage(language);
  return acts.test(folded) || tells.test(folded) || says.test(folded);
}

/** A capital that grammar does not ask for. Where every noun has one, names are those without an article before them. */
function isName(
  { token, before, at, ofTheWorld }: Placed,
  folded: string,
  isVerb: boolean,
  languages: readonly Language[],
) {
  if (ofTheWorld || !/^\p{Lu}\p{Ll}/u.test(token) || isWorldName(folded) || isOfTheCalendar(folded))
    return false;
  if (at === 0 && isVerb) return false;
  if (!languages.some(({ name }) => name === 'de') || languages.length > 1) return true;
  return !NOUN_ENDING.test(folded) && !ARTICLES.has(before?.toLowerCase() ?? '');
}

const NOUN_ENDING =
  /(?:ung|heit|keit|schaft|tion|tag|tum|nis|stadt|ismus|chen|ur|ment|ling|termin|adresse|nummer)(?:en|e|s)?$/;
const ARTICLES: ReadonlySet<string> = new Set(
  'der die das den dem des ein eine einen einem einer eines kein keine mein meine meinen meinem meiner meines dein deine deinen unser unsere unserem unseren sein seine ihr ihre im am zum zur vom beim ins ans welche welcher welches welchen wie viele viel zwei drei'.split(
    ' ',
  ),
);

const small = new Map<Language, ReadonlySet<string>>();

/** Words that tell nothing of what a sentence is about. */
function smallWords(language: Language): ReadonlySet<string> {
  const known = small.get(language);
  if (known) return known;
  const { marks, own, please, auxiliaries, subordinators, joints, me, fillers } = language;
  const { openers, past, questions, frames, asks } = language;
  const single = [marks, please, auxiliaries, subordinators, joints, me, fillers, withoutKin(own)].flatMap(
    words,
  );
  const phrased = [openers, past, questions, frames, asks]
    .flatMap(phrases)
    .flatMap((phrase) => wordsIn(phrase));
  const made = new Set([...single, ...phrased]);
  small.set(language, made);
  return made;
}

/** "My mum" is about her: people are no small words. */
const withoutKin = (own: string): string =>
  words(own)
    .filter((word) => !KIN.test(word))
    .join(' ');
const KIN =
  /^(?:mum|mom|dad|grand|mama|papa|mamie|papi|oma|opa|mamma|nonn|mae|pai|avo|mamae|papai|abuel|мам|пап|баб|дед)/;

/** Nouns in the plural and the forms of verbs. */
const englishStemOf = (folded: string): string => {
  const bare = folded.replace(/(?<=..[a-z])(?:ing|ies|ed|es|s|e|y)$/, '');
  return bare.length >= 3 ? bare : folded;
};

/** Longer words have endings in most of these languages, and Russian ones nearly always. */
function stemOf(folded: string): string {
  const endings = /^\p{Script=Cyrillic}/u.test(folded) ? 1 : 0;
  if (folded.length >= 7 - endings) return folded.slice(0, -2);
  return folded.length >= 5 - endings ? folded.slice(0, -1) : folded;
}

let segmenter: Intl.Segmenter | undefined;

/** Words by the dictionary that comes with Node. */
function spacelessWords(said: string): readonly TopicWord[] {
  segmenter ??= new Intl.Segmenter('ja', { granularity: 'word' });
  return [...segmenter.segment(said)].flatMap(({ segment, isWordLike }) => {
    const text = segment.toLowerCase();
    const isSmall = spacelessFillers().has(text) || /^\p{Script=Hiragana}{1,2}$/u.test(text);
    if (isWordLike !== true || isSmall) return [];
    const stem = /^\p{Script=Latin}+$/u.test(text) ? stemOf(fold(text)) : text;
    return [{ text, stem, search: text, kind: 'thing' }];
  });
}

let fillers: ReadonlySet<string> | undefined;

function spacelessFillers(): ReadonlySet<string> {
  fillers ??= new Set([...words(chinese.fillers), ...words(japanese.fillers)]);
  return fillers;
}
