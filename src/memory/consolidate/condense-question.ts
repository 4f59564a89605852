import { readFileSync } from 'node:fs';
import type { Episode } from './read-episodes.ts';

/** Of each episode so many characters are shown. */
const MOST_CHARACTERS = 1_600;

/** What a language model is asked about episodes that are to become a line each. */
export function condenseQuestion(episodes: readonly Episode[]): {
  readonly system: string;
  readonly message: string;
} {
  instructions ??= readFileSync(new URL('prompts/condense.md', import.meta.url), 'utf8').trimEnd();
  const notes = episodes.map(({ content }, at) => `<note number="${at + 1}">\n${inside(content)}\n</note>`);
  return { system: instructions, message: notes.join('\n') };
}

let instructions: string | undefined;

/** A note cannot end itself and go on as another. */
const inside = (content: string): string =>
  content
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
    .replace(/<\/?note/gi, '(note');

/** What its answer says of each; a hole where it says nothing. */
export function condensedLines(answer: string, count: number): readonly (string | undefined)[] {
  const found = new Map(
    [...answer.matchAll(/^\s*(?:[-*]\s*)?(\d{1,2})\s*[:.)]\s*(.+)$/gm)].map(([, number, text]) => [
      Number(number),
      text?.trim(),
    ]),
  );
  return Array.from({ length: count }, (_, at) => found.get(at + 1));
}
