/**
 * JSON as PostgreSQL's `jsonb` takes it: it refuses NUL characters and lone surrogates, which text from outside
 * may contain. Each is replaced by U+FFFD, so that no input can make a commit fail.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? text.replace(UNSTORABLE, '$1\\ufffd') : text;
}

/** `JSON.stringify` escapes a surrogate only where it is alone. An even run of backslashes is not an escape of ours. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** Text as a `text` column takes it. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}
