/** A part of a text for people to see, and what of it was asked for. */
export interface Snippet {
  readonly snippet: string;
  /** Start and end of the matching words in it, in UTF-16 units, in their order. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
}

const MOST = 600;

/**
 * The part of a text with the most different terms, cut between words, or the whole where it is no longer than `most`
 * UTF-16 units (and two for the signs of what was cut). Terms are as the index knows them: stems without accents. Cost:
 * linear in the text, which is a chunk.
 */
export function snippetOf(text: string, terms: readonly string[], most: number = MOST): Snippet {
  const matches = matchesIn(text, terms);
  const [start, end] = text.length <= most ? [0, text.length] : bestPart(text, matches, most);
  const part = text.slice(start, end);
  const shown = part.trim();
  const before = start > 0 ? '…' : '';
  const moved = before.length - start - (part.length - part.trimStart().length);
  return {
    snippet: `${before}${shown}${end < text.length ? '…' : ''}`,
    highlights: matches
      .filter((match) => match.start >= start && match.end <= end)
      .map((match) => [match.start + moved, match.end + moved]),
  };
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** As in `memory_words` of the database. */
const SPACELESS =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/u;

function matchesIn(text: string, terms: readonly string[]): readonly Match[] {
  const stems = terms.filter((term) => !SPACELESS.test(term));
  const signs = longestFirst(terms.filter((term) => SPACELESS.test(term)));
  return [...text.matchAll(WORD)].flatMap(({ 0: word, index }) =>
    SPACELESS.test(word) ? matchesOfSigns(word, index, signs) : matchOfWord(word, index, stems),
  );
}

function matchOfWord(word: string, start: number, stems: readonly string[]): readonly Match[] {
  const plain = fold(word);
  const term = stems.find((stem) => isFormOf(plain, stem));
  return term === undefined ? [] : [{ start, end: start + word.length, term }];
}

/** Pairs of signs before single ones, from left to right, none twice; what touches is one match. */
function matchesOfSigns(word: string, start: number, signs: readonly string[]): readonly Match[] {
  const found: Match[] = [];
  for (let at = 0; at < word.length; at++) {
    const term = signs.find((sign) => word.startsWith(sign, at));
    if (term === undefined) continue;
    const last = found.at(-1);
    const end = start + at + term.length;
    if (last !== undefined && last.end >= start + at)
      found[found.length - 1] = { ...last, end: Math.max(end, last.end) };
    else found.push({ start: start + at, end, term });
  }
  return found;
}

const longestFirst = (terms: readonly string[]): readonly string[] =>
  terms.toSorted((a, b) => b.length - a.length);

const LONGEST_ENDING = 5;

/** English stems have `i` for `y`. Where endings change more than that, the word is found and only not marked. */
function isFormOf(word: string, stem: string): boolean {
  if (word.length > stem.length + LONGEST_ENDING) return false;
  if (stem.length < 3) return word === stem;
  return word.startsWith(stem) || (stem.endsWith('i') && word.startsWith(`${stem.slice(0, -1)}y`));
}

/** As `memory_plain` of the database. */
const fold = (word: string): string =>
  /^[\0-\x7f]*$/.test(word)
    ? word.toLowerCase()
    : word
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .replaceAll('ß', 'ss');

/** Where the window with the most different terms begins and ends; the first of equals. */
function bestPart(text: string, matches: readonly Match[], most: number): readonly [number, number] {
  let best = { start: 0, worth: 0 };
  for (const [place, { start }] of matches.entries()) {
    const within = matches.slice(place).filter(({ end }) => end <= start + most - LEAD);
    const worth = new Set(within.map(({ term }) => term)).size;
    if (worth > best.worth) best = { start, worth };
  }
  const start = wordStart(text, Math.max(0, Math.min(best.start - LEAD, text.length - most)));
  return [start, wordEnd(text, start + most)];
}

/** So much is shown of what comes before the first match. */
const LEAD = 60;

/** The first beginning of a word from here on, where there is one near. */
function wordStart(text: string, from: number): number {
  if (from === 0) return 0;
  const space = text.slice(from, from + LEAD).search(/\s\S/);
  return space < 0 ? whole(text, from) : from + space + 1;
}

function wordEnd(text: string, to: number): number {
  if (to >= text.length) return text.length;
  const space = text.slice(to - LEAD, to + 1).search(/\s\S*$/);
  return space < 0 ? whole(text, to) : to - LEAD + space;
}

/** Not between the halves of a surrogate pair. */
const whole = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at);
