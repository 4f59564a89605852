import { readFileSync } from 'node:fs';
import type { Route } from '../core/journal.ts';
import { bothEnds } from './both-ends.ts';

/** What a language model is asked about a message that the rules are unsure of. */
export function routeQuestion(text: string): { readonly system: string; readonly message: string } {
  instructions ??= readFileSync(new URL('prompts/route.md', import.meta.url), 'utf8').trimEnd();
  return { system: instructions, message: `<message>\n${bothEnds(text)}\n</message>` };
}

let instructions: string | undefined;

/** What its answer says; undefined where it says neither or both. */
export function routeFrom(answer: string): Exclude<Route, 'command'> | undefined {
  const [first, ...others] = new Set(answer.toLowerCase().match(/\b(?:query|task)\b/g) ?? []);
  if (others.length > 0) return undefined;
  return first === 'query' || first === 'task' ? first : undefined;
}
