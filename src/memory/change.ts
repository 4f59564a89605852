import { err, ok, type Result } from '../core/result.ts';
import { appended } from './writes.ts';

export type Change = TextChange | { readonly type: 'restore'; readonly version: number };

/** A change that says itself what it brings in; to restore is to overwrite with what was there before. */
export type TextChange =
  | { readonly type: 'append'; readonly content: string }
  | { readonly type: 'overwrite'; readonly content: string }
  /** `from` is not empty, and must occur exactly once unless `all`. */
  | { readonly type: 'replace'; readonly from: string; readonly to: string; readonly all: boolean };

type Replacement = Extract<TextChange, { type: 'replace' }>;

/** The text that a change brings in. */
export const newText = (change: TextChange): string =>
  change.type === 'replace' ? change.to : change.content;

export function withNewText(change: TextChange, text: string): TextChange {
  return change.type === 'replace' ? { ...change, to: text } : { ...change, content: text };
}

/**
 * What the document will hold, or why it cannot be changed so. `before` is undefined where there is none.
 *
 * @param limit UTF-16 units above which the outcome is not even made: a short text can be replaced in many places
 */
export function outcomeOf(
  path: string,
  before: string | undefined,
  change: TextChange,
  limit: number,
): Result<string, string> {
  switch (change.type) {
    case 'overwrite':
      return ok(change.content);
    case 'append':
      return ok(appended(path, before ?? '', change.content));
    case 'replace':
      return before === undefined
        ? err(`There is no document ${path} to replace anything in.`)
        : replaced(path, before, change, limit);
  }
}

function replaced(
  path: string,
  before: string,
  { from, to, all }: Replacement,
  limit: number,
): Result<string, string> {
  if (from === '') return err('The text to be replaced is empty. Give the exact text, or append instead.');
  const pieces = before.split(from);
  const count = pieces.length - 1;
  if (count === 0) return err(`${path} does not contain that text. Read it first and copy the text exactly.`);
  if (count > 1 && !all) {
    return err(
      `${path} contains that text ${count} times. Give more of its surroundings, or set replace_all.`,
    );
  }
  const length = before.length + count * (to.length - from.length);
  if (length > limit) return err(`${path} would have ${length} characters, too many. Replace with less.`);
  return ok(pieces.join(to));
}
