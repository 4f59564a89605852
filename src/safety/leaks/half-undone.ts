import { disguised, isHighSurrogate } from './disguise.ts';
import { type Escape, escapeAt } from './escape.ts';

/** What each kind of escape begins with; `?` stands for disguises. */
const KINDS = ['%', '\\', '&', '?'] as const;
const SUBSETS = Array.from({ length: 2 ** KINDS.length - 1 }, (_, n) =>
  KINDS.filter((_kind, at) => ((n + 1) >> at) & 1).join(''),
);
/** As often as escapes in a text are undone. */
const ROUNDS = 3;
/** Values that look like escapes through and through are not worth more. */
const MOST = 256;

/**
 * What a value may read like in a text that quotes it in one kind of escape, once all kinds of escapes in that text are
 * undone together: a value that looks escaped itself loses that as well. Nothing for most values, which do not.
 */
export function halfUndone(value: string): readonly string[] {
  const found = new Set([value]);
  let latest: readonly string[] = [value];
  for (let round = 0; round < ROUNDS && found.size < MOST; round++) {
    const next = latest.flatMap((text) => SUBSETS.map((kinds) => undone(text, kinds)));
    latest = [...new Set(next)].filter((text) => !found.has(text)).slice(0, MOST - found.size);
    for (const text of latest) found.add(text);
  }
  found.delete(value);
  return [...found];
}

function undone(text: string, kinds: string): string {
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const step = stepAt(text, at, kinds);
    plain += step?.plain ?? text.charAt(at);
    at += step?.width ?? 1;
  }
  return plain;
}

function stepAt(text: string, at: number, kinds: string): Escape | undefined {
  const char = text.charAt(at);
  if (char === '%' || char === '\\' || char === '&')
    return kinds.includes(char) ? escapeAt(text, at) : undefined;
  return kinds.includes('?') ? undisguised(text, at) : undefined;
}

function undisguised(text: string, at: number): Escape | undefined {
  const code = text.charCodeAt(at);
  if (code < 0x20 && !/[\t\n\r]/.test(text.charAt(at))) return { plain: '', width: 1 };
  if (code === 0x7f) return { plain: '', width: 1 };
  if (code < 128) return undefined;
  const codePoint = isHighSurrogate(code) ? (text.codePointAt(at) ?? code) : code;
  const plain = disguised(codePoint);
  return plain === undefined ? undefined : { plain, width: codePoint > 0xffff ? 2 : 1 };
}
