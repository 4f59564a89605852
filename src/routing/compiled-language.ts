import type { Language } from './language.ts';

/** A language's tables as what can be matched quickly. Phrases are matched against ` word word word `. */
export interface CompiledLanguage {
  readonly verbLast: boolean;
  readonly openers: RegExp;
  readonly please: RegExp;
  readonly chat: RegExp;
  readonly asks: RegExp;
  readonly frames: RegExp;
  readonly wishes: RegExp;
  readonly questions: RegExp;
  readonly auxiliaries: RegExp;
  readonly subordinators: RegExp;
  readonly joints: RegExp;
  readonly assents: ReadonlySet<string>;
  readonly labels: RegExp;
  readonly me: RegExp;
  /** Of one word. */
  readonly tells: RegExp;
  readonly says: RegExp;
  readonly acts: RegExp;
}

export function compileLanguage(language: Language): CompiledLanguage {
  const { endings } = language;
  return {
    verbLast: language.verbLast,
    openers: atStart(phrases(language.openers)),
    please: anywhere(words(language.please)),
    chat: atStart(phrases(language.chat)),
    asks: atStart(phrases(language.asks)),
    frames: atStart(phrases(language.frames)),
    wishes: anywhere(phrases(language.wishes)),
    questions: atStart(phrases(language.questions)),
    auxiliaries: atStart(words(language.auxiliaries)),
    subordinators: atStart(words(language.subordinators)),
    joints: anywhere(words(language.joints)),
    assents: new Set(phrases(language.assents)),
    labels: atStart(words(language.labels)),
    me: anywhere(words(language.me)),
    tells: verb(words(language.tells), endings),
    says: verb(words(language.says), endings),
    acts: verb(words(language.acts), endings),
  };
}

export const words = (list: string): readonly string[] => list.split(' ');
export const phrases = (list: string): readonly string[] => list.split(',').map((phrase) => phrase.trim());

/** Longer phrases first: `why don t you` before `why`. */
const either = (alternatives: readonly string[]): string =>
  [...alternatives].sort((a, b) => b.length - a.length).join('|');

const atStart = (alternatives: readonly string[]): RegExp => new RegExp(`^ (?:${either(alternatives)})(?= )`);
const anywhere = (alternatives: readonly string[]): RegExp => new RegExp(` (?:${either(alternatives)})(?= )`);

/** Without endings, verbs are English: also `renaming` and `renamed`, with a final `e` gone or a letter doubled. */
function verb(stems: readonly string[], endings: string): RegExp {
  if (endings !== '') return new RegExp(`^(?:${either(stems)})${endings}$`, 'u');
  const inflected = stems.map((stem) => `${stem.replace(/e$/, '')}[a-z]?ing`);
  return new RegExp(`^(?:${either([...stems, ...inflected])})$`);
}
