export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
}

/**
 * A text in pieces, those marked that a word of the query begins. Letter case and accents make no difference, as in
 * the search itself. Linear in text and query.
 */
export function markedWords(text: string, query: string): readonly Piece[] {
  const wanted = wordsOf(query).map(fold);
  if (wanted.length === 0) return [{ text, isMarked: false }];
  const found = [...text.matchAll(WORD)].filter(([word]) => isWanted(fold(word), wanted));
  return markedRanges(
    text,
    found.map(({ 0: word, index }) => [index, index + word.length]),
  );
}

/** A text in pieces, those marked that lie between the two ends (UTF-16 units) of a range. */
export function markedRanges(text: string, ranges: readonly (readonly [number, number])[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const start = Math.max(from, end);
    if (start >= Math.min(to, text.length)) continue;
    if (start > end) pieces.push({ text: text.slice(end, start), isMarked: false });
    pieces.push({ text: text.slice(start, to), isMarked: true });
    end = Math.min(to, text.length);
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isMarked: false });
  return pieces;
}

const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
/** Shorter ones mark nothing but themselves: `a` would mark half of a text. */
const SHORTEST_BEGINNING = 3;

const wordsOf = (text: string): readonly string[] => text.match(WORD) ?? [];

function isWanted(word: string, wanted: readonly string[]): boolean {
  return wanted.some((one) => word === one || (one.length >= SHORTEST_BEGINNING && word.startsWith(one)));
}

const fold = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
