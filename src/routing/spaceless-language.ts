import { LIKELY, NOTHING, query, type Reading, SURE, task } from './reading.ts';
import type { Sentence } from './spoken.ts';

/**
 * What tells a question from a request in a language without spaces: patterns, since nothing shows where a word ends.
 * Each takes time linear in the sentence.
 */
export interface SpacelessLanguage {
  readonly chat: RegExp;
  /** It asks to be told something, or for advice. */
  readonly asks: RegExp;
  /** It asks for something to be done, in so many words. */
  readonly requests: RegExp;
  /** "Can you": together with an act, a request. */
  readonly abilities: RegExp;
  readonly acts: RegExp;
  /** Whether something has been done. */
  readonly finished: RegExp;
  readonly questions: RegExp;
  /** An order by its end. */
  readonly finalOrder: RegExp;
  /** The user speaks of what is theirs, or of what was said before. */
  readonly personal: RegExp;
  /** Words that tell nothing of what a question is about, separated by spaces. */
  readonly fillers: string;
}

/** Reads one sentence; the first pattern that fits decides. */
export function readSpaceless({ text, asks }: Sentence, language: SpacelessLanguage): Reading {
  if (language.chat.test(text)) return { kind: 'chat', confidence: LIKELY };
  if (language.asks.test(text)) return query(SURE);
  if (language.finished.test(text)) return query(SURE);
  if (language.requests.test(text)) return task(language.acts.test(text) ? SURE : LIKELY);
  if (language.abilities.test(text) && language.acts.test(text) && asks) return task(LIKELY);
  if (language.questions.test(text)) return query(SURE);
  if (language.finalOrder.test(text)) return task(LIKELY);
  return startsAct(text, language.acts) ? task(LIKELY) : NOTHING;
}

/** An act near the beginning is an order, further on part of a statement. */
function startsAct(text: string, acts: RegExp): boolean {
  const at = text.search(acts);
  return at >= 0 && at <= FIRST_CHARACTERS;
}

const FIRST_CHARACTERS = 12;
