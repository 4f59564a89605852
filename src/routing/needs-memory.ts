import { phrases, words } from './compiled-language.ts';
import { fold, wordsIn } from './fold.ts';
import type { Language } from './language.ts';
import { chinese } from './languages/chinese.ts';
import { japanese } from './languages/japanese.ts';
import { languagesOf } from './languages.ts';

/** Whether a text speaks of what is the user's own, or of what was said or happened before. Linear. */
export function needsMemory(text: string): boolean {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return japanese.personal.test(text);
  if (/\p{Script=Han}/u.test(text)) return chinese.personal.test(text);
  const tokens = wordsIn(fold(text));
  const whole = ` ${tokens.join(' ')} `;
  return languagesOf(tokens).some((language) => cuesOf(language).test(whole));
}

const cues = new Map<Language, RegExp>();

function cuesOf(language: Language): RegExp {
  const known = cues.get(language);
  if (known) return known;
  const made = new RegExp(` (?:${[...words(language.own), ...phrases(language.past)].join('|')})(?= )`);
  cues.set(language, made);
  return made;
}
