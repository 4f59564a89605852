import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';

/**
 * A regular expression in Rust's spelling as a JavaScript one: leading flags such as `(?i)` become flags of the
 * whole, `(?P<name>` becomes `(?<name>`, `\A` and `\z` become the ends of the text. Parts that have no
 * counterpart are an error that says so.
 */
export function patternFromRust(source: string): Result<RegExp, string> {
  const [leading = '', letters = ''] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? [];
  const unknown = [...letters].find((letter) => !'imsu'.includes(letter));
  if (unknown !== undefined) return err(`the flag ${unknown} has no counterpart here`);
  const flags = [...new Set(`${letters}u`)].join('');
  const body = source.slice(leading.length).replaceAll(/\\.|\(\?P</gs, spelled);
  try {
    return ok(new RegExp(body, flags));
  } catch (thrown) {
    return err(coerceError(thrown).message);
  }
}

/** The lookarounds keep their meaning under the `m` flag, where `^` and `$` also match at line ends. */
const SPELLINGS = new Map([
  ['(?P<', '(?<'],
  ['\\A', '(?<![\\s\\S])'],
  ['\\z', '(?![\\s\\S])'],
]);

const ESCAPED_PUNCTUATION = /^\\([!-/:-@[-`{-~])$/;

/** JavaScript refuses `\#` and, outside a class, `\-`, which Rust takes; a code point is taken everywhere. */
function spelled(token: string): string {
  const escaped = ESCAPED_PUNCTUATION.exec(token)?.[1];
  if (escaped !== undefined) return `\\x${escaped.charCodeAt(0).toString(16)}`;
  return SPELLINGS.get(token) ?? token;
}
