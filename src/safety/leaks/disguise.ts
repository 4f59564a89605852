/** Dashes that word processors put in place of a hyphen. */
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;

/** Not seen: controls, format characters, accents, fillers. */
const UNSEEN = /[\p{M}\p{Cf}\p{Cc}\u115f\u1160\u3164\uffa0]/gu;

/** Invisible tags that mirror ASCII. */
const TAG_FIRST = 0xe0020;
const TAG_LAST = 0xe007e;
const TAG_OFFSET = 0xe0000;

const FIRST_HIGH_SURROGATE = 0xd800;
const LAST_HIGH_SURROGATE = 0xdbff;

const KEPT = 1;
const NOT_SEEN = 2;
/** What is known of each character of the basic plane, 0 where nobody asked yet. */
const known = new Uint8Array(0x10000);
const plainForms = new Map<number, string>();

/**
 * The one character of ASCII that a reader takes this one for, nothing where it is not seen, or undefined where it is
 * itself: full-width, circled, script and mathematical letters, dashes, tags, accents, zero-width characters.
 */
export function disguised(codePoint: number): string | undefined {
  if (known[codePoint] === KEPT) return undefined;
  if (known[codePoint] === NOT_SEEN) return '';
  return plainForms.get(codePoint) ?? learned(codePoint);
}

function learned(codePoint: number): string | undefined {
  const plain = plainFormOf(codePoint);
  if (plain) plainForms.set(codePoint, plain);
  else if (codePoint < known.length) known[codePoint] = plain === undefined ? KEPT : NOT_SEEN;
  return plain;
}

/** White space and surrogates stay: the one is seen, the others are asked about in pairs. */
function plainFormOf(codePoint: number): string | undefined {
  if (codePoint >= TAG_FIRST && codePoint <= TAG_LAST) return String.fromCharCode(codePoint - TAG_OFFSET);
  const char = String.fromCodePoint(codePoint);
  if (/[\t\n\r\p{Cs}]/u.test(char)) return undefined;
  const plain = DASHES.test(char) ? '-' : char.normalize('NFKC').replace(UNSEEN, '');
  return plain !== char && /^[ -~]?$/.test(plain) ? plain : undefined;
}

export const isHighSurrogate = (code: number): boolean =>
  code >= FIRST_HIGH_SURROGATE && code <= LAST_HIGH_SURROGATE;
