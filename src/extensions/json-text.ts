import type { Json, JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';

/** Deeper than anything sensible, shallow enough for every recursive reader after this one. */
const MAX_DEPTH = 64;

/** Twenty times what a long manifest holds; bounds the time that a hostile one takes to some 20 ms. */
const MAX_VALUES = 10_000;

export interface JsonTrouble {
  /** One-based, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * Reads JSON (RFC 8259) as strictly as `JSON.parse`, and says where a mistake is, which `JSON.parse` often does not.
 * Beyond it, a key that is written twice in one object is refused, since two readers of such a file may see two
 * different things, and so are nesting beyond 64 levels and more than 10,000 values. Objects have no prototype, so that `__proto__` and
 * `constructor` are keys like any other. Linear in the length of the text.
 */
export function parseJson(text: string): Result<Json, JsonTrouble> {
  const cursor: Cursor = { text, at: 0, values: 0 };
  try {
    const value = readValue(cursor, 0);
    skipSpace(cursor);
    return cursor.at === text.length ? ok(value) : err(troubleAt(cursor, 'nothing may follow the value'));
  } catch (thrown) {
    if (thrown instanceof Malformed) return err(troubleAt(cursor, thrown.message));
    throw thrown;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
  values: number;
}

/** Leaves the recursion; never leaves this file. */
class Malformed extends Error {}

function troubleAt({ text, at }: Cursor, message: string): JsonTrouble {
  const before = text.slice(0, at);
  const found = at < text.length ? `found ${JSON.stringify(text.charAt(at))}` : 'the text ends here';
  return {
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    message: message.startsWith('expected') ? `${message}, but ${found}` : message,
  };
}

function skipSpace(cursor: Cursor): void {
  while (isSpace(cursor.text.charCodeAt(cursor.at))) cursor.at++;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function readValue(cursor: Cursor, depth: number): Json {
  if (depth > MAX_DEPTH) throw new Malformed(`values may be nested ${MAX_DEPTH} levels deep`);
  if (++cursor.values > MAX_VALUES) throw new Malformed(`a file may hold ${MAX_VALUES} values`);
  skipSpace(cursor);
  switch (cursor.text.charAt(cursor.at)) {
    case '{':
      return readObject(cursor, depth);
    case '[':
      return readArray(cursor, depth);
    case '"':
      return readText(cursor);
    default:
      return readScalar(cursor);
  }
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  const object: Record<string, Json> = Object.create(null);
  for (let more = opens(cursor, '}'); more; more = continues(cursor, '}')) {
    skipSpace(cursor);
    const start = cursor.at;
    if (cursor.text.charAt(start) !== '"') throw new Malformed('expected a key in double quotes');
    const key = readText(cursor);
    if (key in object) {
      cursor.at = start;
      throw new Malformed(`the key ${JSON.stringify(key.slice(0, 64))} may stand only once in an object`);
    }
    skipSpace(cursor);
    expect(cursor, ':');
    object[key] = readValue(cursor, depth + 1);
  }
  return object;
}

function readArray(cursor: Cursor, depth: number): readonly Json[] {
  const items: Json[] = [];
  for (let more = opens(cursor, ']'); more; more = continues(cursor, ']')) {
    items.push(readValue(cursor, depth + 1));
  }
  return items;
}

/** Steps over the opening bracket; false where the closing one follows at once. */
function opens(cursor: Cursor, closing: string): boolean {
  cursor.at++;
  skipSpace(cursor);
  if (cursor.text.charAt(cursor.at) !== closing) return true;
  cursor.at++;
  return false;
}

function continues(cursor: Cursor, closing: string): boolean {
  skipSpace(cursor);
  const next = cursor.text.charAt(cursor.at);
  if (next !== ',' && next !== closing) throw new Malformed(`expected "," or "${closing}"`);
  cursor.at++;
  return next === ',';
}

function expect(cursor: Cursor, character: string): void {
  if (cursor.text.charAt(cursor.at) !== character) throw new Malformed(`expected "${character}"`);
  cursor.at++;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Finds the end by hand, for the place of a mistake, and leaves the escapes to the engine. */
function readText(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at++;
  for (; cursor.at < text.length; cursor.at++) {
    const code = text.charCodeAt(cursor.at);
    if (code === QUOTE) return String(JSON.parse(text.slice(start, ++cursor.at)));
    if (code < 0x20) throw new Malformed('line breaks and control characters must be escaped in a string');
    if (code === BACKSLASH) skipEscape(cursor);
  }
  throw new Malformed('expected the closing quote of a string');
}

const ESCAPE = /[\\"/bfnrt]|u[0-9a-fA-F]{4}/y;

/** Stops at the last character of the escape. */
function skipEscape(cursor: Cursor): void {
  cursor.at++;
  ESCAPE.lastIndex = cursor.at;
  const found = ESCAPE.exec(cursor.text);
  if (!found) throw new Malformed('expected an escape that JSON knows');
  cursor.at += found[0].length - 1;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readScalar(cursor: Cursor): Json {
  for (const [word, value] of WORDS) {
    if (!cursor.text.startsWith(word, cursor.at)) continue;
    cursor.at += word.length;
    return value;
  }
  NUMBER.lastIndex = cursor.at;
  const number = NUMBER.exec(cursor.text);
  if (!number) throw new Malformed('expected a value');
  cursor.at += number[0].length;
  return Number(number[0]);
}
