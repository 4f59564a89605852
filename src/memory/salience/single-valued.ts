import { fold, wordsIn } from '../../routing/index.ts';

/** A fact of a kind of which only one can hold at a time: whoever lives in Rome does not live in Berlin. */
export interface Relation {
  readonly name: string;
  /** In folded words. */
  readonly subject: string;
  readonly value: string;
}

/**
 * Only what is single by its nature, said in just these words: an adverb or a tense in between (`used to live in`)
 * is another matter, and then nothing is read into it.
 */
const PATTERNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'lives in',
    /^(.{1,60}?) (?:lives|live|is living|wohnt|lebt|habite|vit|vive|abita|woont|mora) (?:in|at|à|en|a|em) (.{1,80})$/iu,
  ],
  [
    'works at',
    /^(.{1,60}?) (?:works|work|arbeitet|travaille|trabaja|lavora|werkt|trabalha) (?:at|for|bei|für|chez|en|para|per|voor|na) (.{1,80})$/iu,
  ],
  [
    'works as',
    /^(.{1,60}?) (?:works|work|arbeitet|travaille|trabaja|lavora|werkt|trabalha) (?:as|als|comme|como|come) (.{1,80})$/iu,
  ],
  [
    'is',
    /^(.{1,60}?(?:birthday|phone number|telephone number|mobile number|e-?mail(?: address)?|home address|address|time ?zone|full name|name|age|height|weight|shoe size|job|profession|employer|mother tongue|favou?rite [\p{L} ]{2,20}|geburtstag|telefonnummer|adresse|zeitzone|beruf|lieblings\p{L}+)) (?:is|are|ist|est|es|è|é) (.{1,80})$/iu,
  ],
  ['is aged', /^(.{1,60}?) is (\d{1,3}) years old$/iu],
  ['is called', /^(.{1,60}?) (?:is called|is named|heißt|s'appelle|se llama|si chiama|heet) (.{1,80})$/iu],
  ['is married to', /^(.{1,60}?) is married to (.{1,80})$/iu],
];

const QUALIFIED =
  /\b(?:not|no longer|never|until|since|was|were|maybe|perhaps|either|or|if|when|also|nicht|nie|bis|oder|auch|vielleicht|plus|pas|ou)\b/iu;

/** The relation that a fact states; undefined where it states none, or not plainly. */
export function relationOf(text: string): Relation | undefined {
  const plain = bare(text);
  if (plain.length > MOST_CHARACTERS || QUALIFIED.test(plain)) return undefined;
  for (const [name, pattern] of PATTERNS) {
    const [, subject = '', value = ''] = pattern.exec(plain) ?? [];
    if (value !== '' && !MERELY.test(subject))
      return { name, subject: folded(subject), value: folded(value) };
  }
  return undefined;
}

/** It is wished, it was once, or it may be so. */
const MERELY = /\b(?:to|will|would|may|might|could|should|can|does|do|did)$/i;

const MOST_CHARACTERS = 160;

const bare = (text: string): string =>
  text
    .replace(/^\s*[-*]\s+/, '')
    .replace(/[*_`]/g, '')
    .trim()
    .replace(/[.!]+$/, '');

const folded = (text: string): string => wordsIn(fold(text)).join(' ');
