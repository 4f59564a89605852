import type { Route } from '../core/journal.ts';
import { bothEnds } from './both-ends.ts';
import { fold, wordsIn } from './fold.ts';
import { chinese } from './languages/chinese.ts';
import { japanese } from './languages/japanese.ts';
import { compiledLanguage, languagesOf } from './languages.ts';
import { needsMemory } from './needs-memory.ts';
import { readSentence } from './read-sentence.ts';
import { LIKELY, MAYBE, NOTHING, type Reading, SURE } from './reading.ts';
import { isShellCommand } from './shell-command.ts';
import { isSlashCommand } from './slash-command.ts';
import { readSpaceless } from './spaceless-language.ts';
import { type Sentence, sentencesOf, spoken } from './spoken.ts';

export interface Classified {
  readonly route: Route;
  /** From 0 to 1. */
  readonly confidence: number;
  /** The rules can only guess; whoever can do better should. */
  readonly unsure: boolean;
  /** It speaks of the user's own things or of what was before, so that memory may hold the answer. */
  readonly needsMemory: boolean;
}

/**
 * What a message wants, by rules alone: a slash command, an answer (`query`; also a greeting, or a question that takes
 * a look at something), or that something is done (`task`). Where a message both asks and orders, it is a task. Knows
 * English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese and Japanese.
 *
 * @param previous what the message before it was; fragments ("and on Friday") go on with it
 *
 * Pure. The first and the last 1,500 characters of a text are looked at, which takes time linear in them: about
 * 20 µs for an everyday message, 3 ms at most.
 */
export function classify(text: string, { previous }: { readonly previous?: Route } = {}): Classified {
  if (isSlashCommand(text)) return { ...decided('command', 1), needsMemory: false };
  const ends = bothEnds(text);
  const said = spoken(ends);
  const reading = readMessage(ends, said);
  const personal = needsMemory(said);
  if (reading.kind === 'none') return { ...fragment(said, previous), needsMemory: personal };
  if (reading.kind === 'chat') return { ...decided('query', reading.confidence), needsMemory: personal };
  return { ...decided(reading.kind, reading.confidence), needsMemory: personal };
}

/** Below it the rules are right less than nine times in ten. */
const ENOUGH = 0.7;

function decided(route: Route, confidence: number): Omit<Classified, 'needsMemory'> {
  return { route, confidence, unsure: confidence < ENOUGH };
}

function readMessage(text: string, said: string): Reading {
  if (!/\p{L}/u.test(text)) return { kind: 'query', confidence: LIKELY };
  if (isShellCommand(text)) return { kind: 'task', confidence: LIKELY };
  if (isAssent(said)) return { kind: 'task', confidence: LIKELY };
  return together(sentencesOf(said).map((sentence) => ({ sentence, reading: read(sentence) })));
}

function isAssent(said: string): boolean {
  if (said.length > 60) return false;
  const tokens = wordsIn(fold(said));
  const whole = tokens.join(' ');
  return languagesOf(tokens).some((language) => compiledLanguage(language).assents.has(whole));
}

function read(sentence: Sentence): Reading {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(sentence.text))
    return readSpaceless(sentence, japanese);
  if (/\p{Script=Han}/u.test(sentence.text)) return readSpaceless(sentence, chinese);
  const folded = fold(sentence.text);
  const words = { folded, tokens: wordsIn(folded), asks: sentence.asks };
  return languagesOf(words.tokens)
    .map((language) => readSentence(words, compiledLanguage(language)))
    .reduce((best, one) => (one.confidence > best.confidence ? one : best), NOTHING);
}

interface ReadSentence {
  readonly sentence: Sentence;
  readonly reading: Reading;
}

/** Of several sentences an order counts most; in a long text, where it may be told or pasted, the last word does. */
function together(all: readonly ReadSentence[]): Reading {
  const readings = all.map(({ reading }) => reading);
  const orders = readings.filter(({ kind }) => kind === 'task');
  const order = strongest(orders);
  if (!order)
    return strongest(readings.filter(({ kind }) => kind === 'query')) ?? strongest(readings) ?? NOTHING;
  const last = readings.findLast(({ kind }) => kind === 'task' || kind === 'query');
  if (last?.kind !== 'query') return order;
  const length = all.reduce((sum, { sentence }) => sum + sentence.text.length, 0);
  return length > LONG
    ? { ...last, confidence: MAYBE }
    : { ...order, confidence: Math.min(order.confidence, MAYBE) };
}

/** Characters. */
const LONG = 300;

function strongest(readings: readonly Reading[]): Reading | undefined {
  return readings.reduce<Reading | undefined>(
    (best, one) => (best === undefined || one.confidence > best.confidence ? one : best),
    undefined,
  );
}

/** A few words without a verb that we know: they mostly ask, unless they go on with what was before. */
function fragment(said: string, previous: Route | undefined): Omit<Classified, 'needsMemory'> {
  const short = wordsIn(said).length <= FEW_WORDS;
  if (short && previous === 'task') return decided('task', MAYBE);
  return decided('query', short && previous === 'query' ? SURE : MAYBE);
}

const FEW_WORDS = 6;
