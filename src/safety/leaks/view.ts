import { disguised, isHighSurrogate } from './disguise.ts';
import { escapeAt } from './escape.ts';

/** A text as it reads once something is undone, with the way back to where each part of it came from. */
export interface View {
  readonly text: string;
  /** Where the stretch `[start, end)` of `text` came from. */
  origin(start: number, end: number): readonly [start: number, end: number];
}

/** What is undone at most this often: twice-encoded text is common where one service quotes another. */
const ROUNDS = 3;

/** Where something may have to be undone. Only a first sieve, and most texts end here. */
const SUSPECT = /[%\\&]|[^\t\n\r -~]|(?<=[A-Za-z0-9+/_-]{60})\r?\n/;

const MAY_ESCAPE = 1;
const CONTROL = 2;
/** What kind of suspect each character of ASCII is, 0 for none. */
const SUSPECTS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[%\\&\n\r]/.test(char)) return MAY_ESCAPE;
  return /[\t -~]/.test(char) ? 0 : CONTROL;
});

const UNSEEN: Undone = { plain: '', width: 1 };

/**
 * The text itself, then the text with percent-, JSON- and HTML-escapes and disguises undone, as often as that
 * changes anything (three times at most). Linear in the length of the text: 2 ms a megabyte where there is nothing to
 * undo, up to 30 ms a round where everything is.
 */
export function* viewsOf(text: string): Generator<View> {
  let view: View = { text, origin: (start, end) => [start, end] };
  yield view;
  for (let round = 0; round < ROUNDS; round++) {
    const next = undo(view);
    if (next === undefined) return;
    yield next;
    view = next;
  }
}

interface Undone {
  readonly plain: string;
  readonly width: number;
}

function undo(view: View): View | undefined {
  if (!SUSPECT.test(view.text)) return undefined;
  const codes = codesOf(view.text);
  const first = firstUndone(view.text, codes);
  if (first === undefined) return undefined;
  const { text, offsets } = rewritten(view.text, codes, first);
  return {
    text,
    // To where what follows came from: an end takes with it what was invisible behind it.
    origin: (start, end) => view.origin(offsets[start] ?? 0, offsets[end] ?? view.text.length),
  };
}

/** An array is read at the same speed whichever way the engine keeps the text. */
function codesOf(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  Buffer.from(codes.buffer).write(text, 'utf16le');
  return codes;
}

function firstUndone(text: string, codes: Uint16Array): number | undefined {
  for (let at = 0; at < codes.length; at++) {
    if (isSuspect(codes[at] ?? 0) && undoneAt(text, at) !== undefined) return at;
  }
  return undefined;
}

const isSuspect = (code: number): boolean => code >= 128 || SUSPECTS[code] !== 0;

function undoneAt(text: string, at: number): Undone | undefined {
  const code = text.charCodeAt(at);
  if (code < 128) return SUSPECTS[code] === CONTROL ? UNSEEN : escapeAt(text, at);
  const codePoint = isHighSurrogate(code) ? (text.codePointAt(at) ?? code) : code;
  const plain = disguised(codePoint);
  if (plain === undefined) return undefined;
  return plain === '' && codePoint <= 0xffff ? UNSEEN : { plain, width: codePoint > 0xffff ? 2 : 1 };
}

/**
 * Written into arrays of numbers: with a piece of text for each escape this takes thirty times as long. Nothing
 * undone is longer than it was, so the arrays suffice.
 */
function rewritten(text: string, source: Uint16Array, first: number): { text: string; offsets: Int32Array } {
  const codes = new Uint16Array(text.length);
  const offsets = new Int32Array(text.length + 1);
  let length = 0;
  let widest = 0;
  for (let at = 0; at < text.length; ) {
    const code = source[at] ?? 0;
    const undone = at >= first && isSuspect(code) ? undoneAt(text, at) : undefined;
    if (undone === undefined) write(code, at++);
    else {
      for (let unit = 0; unit < undone.plain.length; unit++) write(undone.plain.charCodeAt(unit), at);
      at += undone.width;
    }
  }
  offsets[length] = text.length;
  return { text: decode(codes.subarray(0, length), widest), offsets };

  function write(code: number, from: number): void {
    codes[length] = code;
    offsets[length++] = from;
    widest |= code;
  }
}

/** Narrow text is searched faster. */
function decode(codes: Uint16Array, widest: number): string {
  return widest < 256
    ? Buffer.from(codes).toString('latin1')
    : Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength).toString('utf16le');
}
