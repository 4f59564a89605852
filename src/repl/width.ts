const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const ASCII = /^[ -~]*$/;
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const EMOJI_SELECTOR = '\ufe0f';

/**
 * Columns a text takes on a terminal; colour sequences take none. Where terminals differ (joined emoji) it
 * counts too many rather than too few: a row that breaks early looks fine, one that overflows does not.
 */
export function displayWidth(text: string): number {
  const visible = text.replace(ESCAPES, '');
  if (ASCII.test(visible)) return visible.length;
  let width = 0;
  for (const char of visible) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (char === EMOJI_SELECTOR) return 1;
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The text cut to at most so many columns, with `…` in place of what is missing. For text without colour. */
export function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let fits = '';
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width >= columns) break;
    fits += char;
  }
  return `${fits}…`;
}
