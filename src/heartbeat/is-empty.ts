/**
 * Whether a list of things to look after holds none: without its comments there are only blank lines, headings, and
 * items of lists without a word.
 */
export function isEffectivelyEmpty(text: string): boolean {
  return text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .split('\n')
    .every((line) => NOTHING.test(line));
}

const NOTHING = /^\s*(?:#.*|[-*](?:\s+\[[ xX]?\])?)?\s*$/;
