/** The longest key text that is followed: RSA with 16,384 bits has 12,700 characters. */
const LONGEST = 16 * 1024;
/** A header alone, as documentation shows it, is no key. */
const SHORTEST = 40;
const DASHES = '-----';

const BODY = /^(?:[A-Za-z0-9+/=_.,:;\s-]|\\[nrt])*/;
const CLOSE = /-----END [A-Z0-9 ]{0,40}-----/y;

/**
 * Where the key ends whose header `-----BEGIN …-----` ends at `from`: after its end line, or where its text breaks
 * off. Undefined where nothing like a key follows. The text of a key ends at the next dashes, so that many headers
 * in a row cost no more than their length.
 */
export function endOfPrivateKey(text: string, from: number): number | undefined {
  const window = text.slice(from, from + LONGEST);
  const dashes = window.indexOf(DASHES);
  const body = BODY.exec(dashes < 0 ? window : window.slice(0, dashes))?.[0] ?? '';
  if (!isKeyText(body)) return undefined;
  CLOSE.lastIndex = dashes;
  const close = body.length === dashes ? CLOSE.exec(window)?.[0] : undefined;
  return from + (close === undefined ? body.trimEnd().length : dashes + close.length);
}

function isKeyText(body: string): boolean {
  const dense = body.replace(/\\[nrt]|\s/g, '');
  return (
    dense.length >= SHORTEST && /[A-Za-z0-9+/=]{24}/.test(dense) && new Set(dense.slice(0, 400)).size > 12
  );
}
