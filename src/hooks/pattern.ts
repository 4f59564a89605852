import { setImmediate } from 'node:timers/promises';
import type { RE2JS } from 're2js';
import { coerceError } from '../core/errors.ts';
import { err, ok, type Result } from '../core/result.ts';

/**
 * A regular expression of the owner's. RE2's syntax: no look-around and no back-references, and in return never more
 * steps than pattern times text. Texts are matched line by line, so `^` and `$` stand for the ends of a line and no
 * match spans two lines. A line of more than 8,000 characters counts as several.
 */
export interface Pattern {
  fits(text: string): Promise<boolean>;
  /** `$1`, `$2` … in the replacement stand for groups. */
  replaced(text: string, replacement: string): Promise<string>;
}

/** Loaded with the first pattern: 1 MB that nobody without patterns needs. */
const loadRe2 = () => import('re2js');

export async function compilePattern(source: string): Promise<Result<Pattern, string>> {
  const { RE2JS } = await loadRe2();
  try {
    return ok(patternOf(RE2JS.compile(source)));
  } catch (thrown) {
    return err(coerceError(thrown).message);
  }
}

function patternOf(re: RE2JS): Pattern {
  return {
    async fits(text) {
      for await (const piece of pieces(text)) if (re.matcher(piece).find()) return true;
      return false;
    },
    async replaced(text, replacement) {
      let result = '';
      for await (const piece of pieces(text)) result += re.matcher(piece).replaceAll(replacement);
      return result;
    },
  };
}

/** Matching 8,000 characters takes some 8 ms at worst (measured with nested repetitions). */
const PIECE = 8_000;

/** Lines, many short ones one by one and over-long ones cut between words, with a breath for others in between. */
async function* pieces(text: string): AsyncIterable<string> {
  let since = 0;
  for (const line of text.split(/(?<=\n)/)) {
    for (const piece of cut(line)) {
      // The line's end is no part of the line: `$` would not fit before it.
      const end = piece.endsWith('\n') ? '\n' : '';
      yield piece.slice(0, piece.length - end.length);
      if (end !== '') yield end;
      since += piece.length;
      if (since < PIECE) continue;
      since = 0;
      await setImmediate();
    }
  }
}

function* cut(line: string): Iterable<string> {
  let from = 0;
  while (line.length - from > PIECE) {
    const space = line.lastIndexOf(' ', from + PIECE);
    const to = space > from ? space : from + PIECE;
    yield line.slice(from, to);
    from = to;
  }
  yield line.slice(from);
}
