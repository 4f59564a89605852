import { readFileSync } from 'node:fs';
import { wrapToolOutput } from '../safety/index.ts';

/** Something that was found: a part of a document, or what was said in a conversation. */
export interface NamedPassage {
  /** The document's path, or what else it can be cited as. */
  readonly name: string;
  readonly text: string;
  /** When it was written: ISO 8601. */
  readonly at: string;
}

/** What a language model is asked, so that it answers a question from these passages. */
export function memoryQuestion(
  question: string,
  passages: readonly NamedPassage[],
): { readonly system: string; readonly message: string } {
  instructions ??= readFileSync(new URL('prompts/answer.md', import.meta.url), 'utf8').trimEnd();
  const shown = passages.map(({ name, text, at }) =>
    wrapToolOutput('passage', `[${name}] ${at.slice(0, 10)}\n${text}`),
  );
  const asked = wrapToolOutput('question', question.slice(0, MOST_QUESTION).toWellFormed());
  return { system: instructions, message: [asked, ...shown].join('\n\n') };
}

const MOST_QUESTION = 4_000;

let instructions: string | undefined;

/** Those of the passages that an answer names; all of them where it names none. */
export function citedIn(answer: string, passages: readonly NamedPassage[]): readonly NamedPassage[] {
  const cited = passages.filter(({ name }) => answer.includes(name));
  return cited.length > 0 ? cited : passages;
}
