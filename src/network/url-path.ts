import type { UrlRule } from './refusal.ts';

interface PathObjection {
  readonly rule: UrlRule;
  readonly message: string;
}

/** A slash or backslash that only some servers decode before they route. */
const HIDDEN_SEPARATOR = /%(?:2f|5c)/i;
/** The same, a dot, a percent sign or a control character, left after decoding, for servers that decode twice. */
const ENCODED_TWICE = /%(?:[01][0-9a-f]|25|2e|2f|5c|7f)/i;
/** `..` with something behind it that a server may cut off: path parameters, a space, a query. */
const CLIMB = /^\.{1,2}(?:$|[\s;?#])/;

/**
 * Why a path cannot be compared with a prefix, or undefined: its server might read another path in it. `path` comes
 * from the URL parser, which has resolved plain dot segments, also those spelled `%2e`.
 */
export function pathObjection(path: string): PathObjection | undefined {
  if (HIDDEN_SEPARATOR.test(path)) return encoding('hides a slash or backslash behind a percent sign');
  const decoded = decode(path);
  if (decoded === undefined)
    return encoding('has a stray percent sign, or encodes something else than UTF-8');
  if (ENCODED_TWICE.test(decoded)) return encoding('is percent-encoded twice');
  if (/\p{Cc}/u.test(decoded)) return encoding('has an encoded control character');
  return decoded.split('/').some(climbs)
    ? { rule: 'path-traversal', message: 'The path hides a step upwards ("..").' }
    : undefined;
}

const encoding = (what: string): PathObjection => ({ rule: 'path-encoding', message: `The path ${what}.` });

/** Some file systems and frameworks fold look-alike dots and slashes (`．．／`) into plain ones, as NFKC does. */
const climbs = (segment: string): boolean =>
  segment
    .normalize('NFKC')
    .split(/[\\/]/)
    .some((part) => CLIMB.test(part));

function decode(path: string): string | undefined {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
