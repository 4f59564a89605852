/**
 * Small letters without accents, as people type them in haste. Scripts whose marks are part of the letter (kana) keep
 * them. One pass of regular expressions, linear.
 */
export function fold(text: string): string {
  const small = text.toLowerCase().replaceAll('ß', 'ss');
  return hasAccents(small) ? small.normalize('NFD').replace(ACCENTS, '$1').normalize('NFC') : small;
}

const hasAccents = (text: string): boolean => /[^\0-\x7f]/.test(text);
const ACCENTS = /([\p{Script=Latin}\p{Script=Cyrillic}])\p{M}+/gu;

/** The words of a folded text. Apostrophes and hyphens part them: `i d like`, `peux tu`. */
export const wordsIn = (folded: string): readonly string[] => folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
