/**
 * More tokens than a text has, without a tokenizer. The weights are above what o200k needs for everyday texts of each
 * script (`bench/recall.ts` compares them); random letters and digits are counted by the digits' weight.
 */
export function tokenBound(text: string): number {
  let tokens = 0;
  for (const character of text) tokens += weightOf(character);
  return Math.ceil(tokens);
}

function weightOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return LETTER.test(character) ? 0.3 : OTHER_ASCII.test(character) ? 0.55 : 0.25;
  if (code < 0x250) return 0.7;
  if (code < 0x530) return 0.5;
  if (code < 0x2e80) return 1;
  return code > 0xffff ? 3 : 1.1;
}

const LETTER = /[a-z]/i;
const OTHER_ASCII = /[^ ]/;
