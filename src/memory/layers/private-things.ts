/** Something in a text that is nobody else's business. */
export interface PrivateThing {
  /** For people: `a payment card number`. */
  readonly what: string;
  /** Without what separates its parts. */
  readonly text: string;
}

interface Kind {
  readonly what: string;
  readonly pattern: RegExp;
  /** Tells real ones from what only looks like one. */
  isOne?(text: string): boolean;
}

/** What was taken out of a text already is no secret any more, and what a form says of a field is none. */
const NO_VALUE =
  'redacted|required|optional|string|missing|changed|expired|invalid|incorrect|unknown|hidden|forgotten|null|none|undefined|true|false|yes|no';
const NAMES =
  'password|passwd|passphrase|passwort|kennwort|contraseña|mot de passe|api[ _-]?key|(?:access|auth|secret)[ _-]?(?:key|token)|client[ _-]?secret';
const QUOTES = '["\'`*]{0,3}';

const KINDS: readonly Kind[] = [
  {
    // Area, group and serial are never zero; areas 666 and from 900 on are not given out (SSA, POMS RM 10201.035).
    what: 'a social security number',
    pattern: /(?<![\d.-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-]|\.\d)/g,
  },
  {
    what: 'a social security number',
    pattern:
      /\b(?:ssn|social security)\b[^\d\n]{0,20}(?!000|666|9)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4}(?!\d)/gi,
  },
  {
    // 13 to 19 digits, as ISO/IEC 7812 has them, in the usual groups.
    what: 'a payment card number',
    pattern:
      /(?<![\w.-]|\d[ -])[2-6](?:\d{12,18}|\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{3}[ -]\d{6}[ -]\d{5})(?![\w-]|\.\d| \d)/g,
    isOne: (text) => hasCheckDigit(digitsOf(text)),
  },
  {
    what: 'a bank account number',
    pattern: /(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])/g,
    isOne: isIban,
  },
  {
    what: 'a password or key',
    pattern: new RegExp(
      String.raw`(?<![\w-])(?:${NAMES})${QUOTES}\s{0,3}(?:[:=]|\bis\b|\bist\b)\s{0,3}${QUOTES}(?!\[?(?:${NO_VALUE})\b)\S{0,200}[^\s.,;:!?)\]}>'"\x60*]`,
      'gi',
    ),
    isOne: looksChosen,
  },
  {
    what: 'a PIN',
    pattern: /\bPIN(?: ?code)?\s{0,3}(?:[:=]|\bis\b|\bist\b)\s{0,3}\d{4,8}(?!\d)/g,
  },
];

/** All of them, also those that occur several times. Time is linear in the text. */
export function privateThings(text: string): readonly PrivateThing[] {
  return KINDS.flatMap(({ what, pattern, isOne = () => true }) =>
    (text.match(pattern) ?? []).filter(isOne).map((found) => ({ what, text: found.replace(/[\s-]/g, '') })),
  );
}

const digitsOf = (text: string): readonly number[] => [...text.replace(/\D/g, '')].map(Number);

/** Luhn's, ISO/IEC 7812-1 Annex B. The same digit over and over passes it too, and is an example. */
function hasCheckDigit(digits: readonly number[]): boolean {
  if (new Set(digits).size < 2) return false;
  const sum = digits.toReversed().reduce((total, digit, at) => {
    const doubled = at % 2 === 0 ? digit : digit * 2;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: read as a number, letters from 10 on, what remains of a division by 97 is 1. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '');
  if (plain.length < 15 || plain.length > 34) return false;
  const turned = plain.slice(4) + plain.slice(0, 4);
  const remainder = [...turned].reduce((rest, sign) => {
    const value = Number.parseInt(sign, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
  return remainder === 1;
}

/**
 * "The password is forgotten" names none. What somebody chose has a digit, a sign or letters of both sizes, or follows
 * `:` or `=`.
 */
function looksChosen(text: string): boolean {
  const [, means = '', value = ''] = /([:=]|\bist?\b)\s*["'`*]*([^\s]+)$/i.exec(text) ?? [];
  if (value.length < 4 || /^[<${*.…[]/.test(value)) return false;
  const isOdd = /\d/.test(value) || /[^\p{L}\p{N}]/u.test(value) || /\p{Ll}\p{Lu}/u.test(value);
  return isOdd || (/[:=]/.test(means) && value.length >= 6);
}
