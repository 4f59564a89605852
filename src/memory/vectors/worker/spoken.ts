/** Words of a query that are looked at. */
const MAX_WORDS = 24;

/** The number of what the vocabulary does not have at all. */
const UNKNOWN = 0;

/**
 * How much of a text the vocabulary has, 0 to 1: English words are one piece or two; those of another language fall to
 * pieces of two or three letters, and those of another script are unknown. A text without words counts as known.
 */
export function share(text: string, piecesOf: (word: string) => readonly number[]): number {
  const words = (text.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []).slice(0, MAX_WORDS);
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  if (letters === 0) return 1;
  return words.reduce((sum, word) => sum + word.length * wholeness(word, piecesOf(word)), 0) / letters;
}

/** 1 for one piece, or for four letters a piece; 0 for two. */
function wholeness(word: string, pieces: readonly number[]): number {
  if (pieces.includes(UNKNOWN)) return 0;
  if (pieces.length === 1) return 1;
  return Math.min(1, Math.max(0, (word.length / pieces.length - 2) / 2));
}
