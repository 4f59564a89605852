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

/** 1 where a character of the basic plane is kept as it is, 2 where it is not, 0 where nobody asked yet. */
const kept = new Uint8Array(0x10000);
const plainForms = new Map<number, string>();

/**
 * The ASCII that a reader takes this character for, nothing where it is not seen, or undefined where it is itself:
 * full-width, circled, script and mathematical letters, dashes, tags, accents, zero-width characters and controls.
 */
export function disguised(codePoint: number): string | undefined {
  if (kept[codePoint] === 1) return undefined;
  const known = plainForms.get(codePoint);
  if (known !== undefined) return known;
  const plain = plainFormOf(codePoint);
  if (plain !== undefined) plainForms.set(codePoint, plain);
  if (codePoint < kept.length) kept[codePoint] = plain === undefined ? 1 : 2;
  return plain;
}

/** White space and surrogates stay: the one is seen, the others are asked about in pairs. */
function plainFormOf(codePoint: number): string | undefined {
  if (codePoint >= TAG_FIRST && codePoint <= TAG_LAST) return String.fromCharCode(codePoint - TAG_OFFSET);
  const char = String.fromCodePoint(codePoint);
  if (/[\t\n\r\p{Cs}]/u.test(char)) return undefined;
  const plain = DASHES.test(char) ? '-' : char.normalize('NFKC').replace(UNSEEN, '');
  return plain !== char && /^[ -~]*$/.test(plain) ? plain : undefined;
}

export const isHighSurrogate = (code: number): boolean =>
  code >= FIRST_HIGH_SURROGATE && code <= LAST_HIGH_SURROGATE;
