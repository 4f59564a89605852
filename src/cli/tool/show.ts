import { createPlainText } from '../../repl/index.ts';
import { type Output, print } from '../context.ts';

/** Text of tools and their authors, without anything that a terminal would obey. */
export const plain = (text: string): string => createPlainText().write(text);

/** Prints what may hold text of tools and their authors. */
export function show(output: Output, text: string): void {
  print(output, plain(text));
}

/** The beginning of a text, on one line. */
export function glance(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > characters ? `${line.slice(0, characters - 1).toWellFormed()}…` : line;
}
