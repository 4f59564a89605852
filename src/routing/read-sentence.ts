import type { CompiledLanguage } from './compiled-language.ts';
import { wordsIn } from './fold.ts';
import { LIKELY, MAYBE, NOTHING, query, type Reading, SURE, task } from './reading.ts';

/**
 * Reads one sentence by the tables of one language. The first line that fits decides; what it begins with (greetings,
 * "please", "and then") is skipped first.
 *
 * | the sentence                                                  | is                                        |
 * | ------------------------------------------------------------- | ----------------------------------------- |
 * | begins with `todo:` or its like                               | a task                                    |
 * | asks indirectly, or to be told: "I wonder", "explain"         | a query, unless another clause is an order |
 * | begins like a request ("can you") or holds a wish             | what its verb says                        |
 * | begins with a question word                                   | a query                                   |
 * | begins with "when", "if", and has an order after the comma    | a task                                    |
 * | begins with "is", "did" and ends in a question mark           | a query                                   |
 * | begins with an order; ends in one where the language does so  | a task                                    |
 * | begins with "is", "did", or ends in a question mark           | a query                                   |
 * | has an order in a later clause, or "please" and an act        | a task                                    |
 * | has a question in a later clause                              | a query                                   |
 * | begins with a greeting or with how somebody feels             | chat                                      |
 */
export function readSentence({ folded, tokens, asks }: FoldedSentence, language: CompiledLanguage): Reading {
  const all = line(tokens);
  if (language.labels.test(all) && /^\P{L}*[\p{L} ]{1,30}:/u.test(folded)) return task(LIKELY);
  const { rest, polite } = withoutOpeners(all, language);
  if (rest === ' ') return { kind: 'chat', confidence: LIKELY };
  const read = {
    all,
    rest,
    folded,
    asks,
    polite: polite || language.please.test(all),
    language,
  };
  for (const reader of READERS) {
    const found = reader(read);
    if (found) return found;
  }
  return language.chat.test(all) || language.chat.test(rest) ? { kind: 'chat', confidence: LIKELY } : NOTHING;
}

export interface FoldedSentence {
  readonly folded: string;
  /** The words of it. */
  readonly tokens: readonly string[];
  /** It ends in a question mark. */
  readonly asks: boolean;
}

interface Read {
  /** The words with a space before, between and after them. */
  readonly all: string;
  /** Those after the openers. */
  readonly rest: string;
  readonly folded: string;
  /** It ends in a question mark. */
  readonly asks: boolean;
  readonly polite: boolean;
  readonly language: CompiledLanguage;
}

const line = (tokens: readonly string[]): string => (tokens.length === 0 ? ' ' : ` ${tokens.join(' ')} `);

function withoutOpeners(all: string, { openers, please, asks, questions, chat }: CompiledLanguage) {
  let rest = all;
  let polite = false;
  for (let found = openers.exec(rest); found; found = openers.exec(rest)) {
    // `no entiendo` is not `no` and then something.
    if (asks.test(rest) || (questions.test(rest) && !chat.test(rest))) break;
    polite ||= please.test(`${found[0]} `);
    rest = rest.slice(found[0].length);
  }
  return { rest, polite };
}

const READERS: readonly ((read: Read) => Reading | undefined)[] = [
  indirectQuestion,
  request,
  question,
  conditionalOrder,
  invertedQuestion,
  order,
  plainQuestion,
  laterOrder,
  laterQuestion,
];

function indirectQuestion(read: Read): Reading | undefined {
  const { rest, language } = read;
  const first = firstWord(rest);
  const asksToBeTold = language.tells.test(first) || (language.says.test(first) && tellsMe(rest, language));
  if (!language.asks.test(rest) && !asksToBeTold) return undefined;
  // "I was wondering if you could …" asks for something to be done.
  if (language.wishes.test(read.all)) return request(read);
  return hasLaterOrder(read) ? task(MAYBE) : query(SURE);
}

/** `tell me`, `dime`: within the first words, or as part of the word itself. */
function tellsMe(rest: string, { me }: CompiledLanguage): boolean {
  const beginning = line(rest.trim().split(' ').slice(0, 4));
  return me.test(beginning) || /^ (?:di|dec|dig|dim|dic|dir|muestr|mostr)\p{L}*(?:me|mi|nos|ci) /u.test(rest);
}

function request(read: Read): Reading | undefined {
  const { all, rest, language, polite, asks } = read;
  const framed = language.frames.exec(rest)?.[0];
  if (framed !== undefined) return requestedBy(read, rest.slice(framed.length), polite ? LIKELY : MAYBE);
  if (!language.wishes.test(all) || (asks && language.auxiliaries.test(rest))) return undefined;
  return requestedBy(read, rest, asks ? MAYBE : LIKELY);
}

/** What is wanted is in the verb: to be told something, or that something is done. */
function requestedBy({ language, rest }: Read, after: string, otherwise: number): Reading {
  const tokens = after.trim().split(' ');
  for (const [at, word] of tokens.entries()) {
    if (language.tells.test(word)) return query(SURE);
    if (language.says.test(word) && isAnswer(rest, word, line(tokens.slice(at + 1)), language))
      return query(SURE);
    if (language.acts.test(word)) return task(SURE);
  }
  return task(otherwise);
}

/** "Tell me …", "say when …", and not "tell bob …". */
const isAnswer = (rest: string, word: string, after: string, { me, questions }: CompiledLanguage): boolean =>
  me.test(rest) || questions.test(after) || /(?:me|mi|nos|ci)$/.test(word);

function question(read: Read): Reading | undefined {
  const { rest, language, asks } = read;
  if (!language.questions.test(rest)) return undefined;
  if (asks) return query(SURE);
  return language.subordinators.test(rest) && hasLaterOrder(read) ? task(LIKELY) : query(SURE);
}

/** "When it is done, delete it": the comma parts the condition from the order. */
function conditionalOrder(read: Read): Reading | undefined {
  if (!read.language.subordinators.test(read.rest)) return undefined;
  return hasLaterOrder(read) ? task(LIKELY) : undefined;
}

/** "Do I need …?" is no order to do something. */
function invertedQuestion({ rest, language, asks, polite }: Read): Reading | undefined {
  return asks && !polite && language.auxiliaries.test(rest) ? query(LIKELY) : undefined;
}

function order({ rest, language, asks, polite }: Read): Reading | undefined {
  const tokens = rest.trim().split(' ');
  const [first = '', last = ''] = [tokens[0], tokens.at(-1)];
  if (language.acts.test(first) || (polite && language.says.test(first)))
    return asks ? task(MAYBE) : task(SURE);
  // `tell bob`: whoever is told is not the user.
  if (language.says.test(first) && tokens.length > 2) return task(LIKELY);
  if (asks || !language.verbLast || tokens.length < 2 || !isInfinitive(last)) return undefined;
  return language.acts.test(last) ? task(polite ? SURE : LIKELY) : undefined;
}

/** In German and Dutch. */
const isInfinitive = (word: string): boolean => word.endsWith('n');

const PLEADING = 0.75;

function plainQuestion({ rest, language, asks, polite }: Read): Reading | undefined {
  if (asks) return polite ? task(MAYBE) : query(LIKELY);
  return language.auxiliaries.test(rest) ? query(PLEADING) : undefined;
}

function laterOrder(read: Read): Reading | undefined {
  if (hasLaterOrder(read)) return task(LIKELY);
  if (!read.polite) return undefined;
  return read.rest
    .trim()
    .split(' ')
    .some((word) => read.language.acts.test(word))
    ? task(LIKELY)
    : undefined;
}

/** "It fails with 137, what does that mean". */
function laterQuestion({ folded, language }: Read): Reading | undefined {
  const [, ...later] = folded.split(CLAUSES);
  return later.some((clause) => language.questions.test(line(wordsIn(clause)))) ? query(LIKELY) : undefined;
}

/** Whether a clause after the first one begins with an order. */
function hasLaterOrder({ folded, language }: Read): boolean {
  return folded
    .split(CLAUSES)
    .flatMap((clause, at) => clausesIn(line(wordsIn(clause)), at === 0, language))
    .some((clause) => language.acts.test(firstWord(withoutOpeners(clause, language).rest)));
}

const CLAUSES = /[,;:–—，；：、]/;

/** A clause that another begins in: `is it ready and send it`. */
function clausesIn(clause: string, isFirst: boolean, { joints }: CompiledLanguage): readonly string[] {
  const [first = '', ...later] = clause.split(joints);
  return isFirst ? later : [first, ...later];
}

const firstWord = (rest: string): string => rest.trim().split(' ', 1)[0] ?? '';
