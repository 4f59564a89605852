/** What was asked for. */
export interface Query {
  /** What to look for, without the signs that say how. */
  readonly text: string;
  /** Texts that should stand in a hit as they are (`"a phrase"`), in small letters. */
  readonly phrases: readonly string[];
  /** Words that may not stand in a hit (`-word`, `-"a phrase"`), in small letters. */
  readonly excluded: readonly string[];
}

/** More says no more. In UTF-16 units. */
const MAX_CHARACTERS = 4_000;

/** A phrase or a word that is left out stands at the beginning or behind a space: `well-known` is one word. */
const SPECIAL = /(?<=^|\s)(-?)"([^"]+)"|(?<=^|\s)-(\p{L}[\p{L}\p{N}\p{M}_]*)/gu;

export function readQuery(given: string): Query {
  const phrases: string[] = [];
  const excluded: string[] = [];
  const text = given
    .slice(0, MAX_CHARACTERS)
    .toWellFormed()
    .replaceAll('\0', ' ')
    .replace(SPECIAL, (_all, minus: string, phrase?: string, word?: string) => {
      const said = spaced(phrase ?? word ?? '');
      if (word !== undefined || minus !== '') excluded.push(said);
      else phrases.push(said);
      return word !== undefined || minus !== '' ? ' ' : ` ${said} `;
    });
  return { text: text.trim(), phrases: phrases.filter(isSaid), excluded: excluded.filter(isSaid) };
}

/** Whether a text holds all phrases. */
export const holdsPhrases = (text: string, { phrases }: Query): boolean =>
  phrases.length === 0 || phrases.every((phrase) => spaced(text).includes(phrase));

/** Whether a text holds a word, whole, that may not be there. */
export const isExcluded = (text: string, { excluded }: Query): boolean =>
  excluded.some((word) => {
    const said = spaced(text);
    for (let at = said.indexOf(word); at >= 0; at = said.indexOf(word, at + 1)) {
      if (!isLetter(said[at - 1]) && !isLetter(said[at + word.length])) return true;
    }
    return false;
  });

const spaced = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
const isSaid = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
const isLetter = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}\p{M}]/u.test(sign);
