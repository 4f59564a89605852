import { phrases } from './compiled-language.ts';
import { fold, wordsIn } from './fold.ts';
import type { Language } from './language.ts';
import { compiledLanguage, languagesOf } from './languages.ts';
import { isWorldName, isWorldNoun } from './world-names.ts';

/** With an article before a word that is not the whole world's: "the capital of …", "das Wetter". */
const DEFINITE =
  /(?:^|[\s'’])(?:the|der|die|das|den|dem|le|la|les|l|du|el|los|las|del|il|lo|della|dello|het)[\s'’]+(?!weather|time|world|earth|best|most|difference|meaning|wetter|beste|temps|tiempo|tempo|weer)\p{L}{3}/iu;

/** Whether a text speaks of something as known: "the boiler". */
export const isDefinite = (said: string): boolean =>
  DEFINITE.test(said) && !wordsIn(fold(said)).some(isWorldNoun);

/** Whether a text asks how the world is, by how it begins or by what it asks for. */
export function isGeneral(said: string): boolean {
  if (isSpaceless(said)) return GENERAL.test(said);
  const tokens = wordsIn(fold(said));
  const whole = ` ${tokens.join(' ')} `;
  const [first = ''] = tokens;
  return (
    tokens.some((token) => isWorldNoun(token) || isWorldName(token)) ||
    languagesOf(tokens).some(
      (language) => generalOf(language).test(whole) || compiledLanguage(language).tells.test(first),
    )
  );
}

const isSpaceless = (said: string): boolean =>
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(said);

/** In Chinese and Japanese. */
const GENERAL = /什么是|是什么|怎么|如何|为什么|为何|人口|首都|とは|なぜ|どうして|どうやって|方法|仕組み/;

const general = new Map<Language, RegExp>();

function generalOf(language: Language): RegExp {
  const known = general.get(language);
  if (known) return known;
  const [first, anywhere] = [phrases(language.general).join('|'), phrases(language.asks).join('|')];
  const made = new RegExp(`^ (?:${first})(?= )| (?:${anywhere})(?= )`);
  general.set(language, made);
  return made;
}
