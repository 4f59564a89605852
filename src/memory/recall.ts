import type { Origin, RecalledPassage, Route } from '../core/journal.ts';
import { type Topic, topicOf } from '../routing/index.ts';
import { unitedOrigins } from '../safety/index.ts';
import type { Memory } from './memory.ts';
import { recalledOrigins } from './origins.ts';
import { isPromptFile } from './paths.ts';
import { type Fit, fitOf } from './recall/fit.ts';
import { knownEmpty } from './recall/known-empty.ts';
import { clipped } from './recall/passages.ts';

export interface RecallQuestion {
  /** What the user said. */
  readonly text: string;
  readonly route: Route;
  /** Passages at most; 4 unless given. */
  readonly limit?: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface Recalled {
  /** Best first; together at most 800 tokens, see `clipped`. */
  readonly passages: readonly RecalledPassage[];
  /** Whose words, other than the user's, are in them. */
  readonly origins: readonly Origin[];
}

/**
 * What memory has to say to a message, where the message asks for it: it speaks of the user's own things or of what
 * was before, names somebody or something that not everybody knows, or asks for particulars that memory has nearly all.
 * Undefined where it does not, or nothing fits.
 *
 * Costs nothing but a look at the words (about 20 µs) for messages that need no memory, and where memory is known to be
 * empty; otherwise one search.
 */
export async function recall(memory: Memory, question: RecallQuestion): Promise<Recalled | undefined> {
  const { text, route, limit = 4, now } = question;
  if (route === 'command') return undefined;
  const topic = topicOf(text);
  if (!asksForMemory(topic, route) || knownEmpty.isEmpty(memory, now)) return undefined;
  return recallTopic(memory, topic, { route, limit, now });
}

/** Something to look for, and a reason to; "when is the concert in the park?" may well mean the user's own. */
function asksForMemory(topic: Topic, route: Route): boolean {
  const telling = topic.words.filter(({ kind, text }) => kind !== 'deed' && /\p{L}/u.test(text)).length;
  if (telling === 0) return false;
  if (hasReason(topic)) return true;
  return route === 'query' && !topic.isGeneral && (topic.isDefinite || telling > 1);
}

const hasReason = ({ words, isPersonal }: Topic): boolean =>
  isPersonal || words.some(({ kind }) => kind === 'name');

/** The part of `recall` after the decision to look. */
export async function recallTopic(
  memory: Memory,
  topic: Topic,
  { route, limit, now }: Required<Omit<RecallQuestion, 'text'>>,
): Promise<Recalled | undefined> {
  const query = topic.words.map(({ search }) => search).join(' ');
  const hits = await memory.search(query, { limit: limit * SPARE, fusion: 'text', feedback: false });
  if (hits.length === 0) await knownEmpty.look(memory, now);
  const fits = hits.filter(({ path }) => isRecalled(path)).map((hit) => fitOf(hit, topic));
  const chosen = bestOf(fits.filter((fit) => isEnough(fit, topic, route))).slice(0, limit);
  const passages = clipped(chosen.map(({ hit }) => ({ path: hit.path, text: hit.snippet })));
  if (passages.length === 0) return undefined;
  const shown = chosen.slice(0, passages.length);
  return {
    passages,
    origins: unitedOrigins(...shown.map(({ hit }) => recalledOrigins('document', hit.path, hit.origins))),
  };
}

/**
 * Hits that are looked at for each that is shown: search ranks by words that are often in others. By words alone, as
 * `isEnough` judges by them: a message is not to wait for the model of the vectors, nor to load it.
 */
const SPARE = 2;

/** Documents that steer the assistant are in its prompt anyway, all but the end of a long MEMORY.md. */
const isRecalled = (path: string): boolean => !isPromptFile(path) || path.toLowerCase() === 'memory.md';

/**
 * Parts of the message's words that a passage must have, by the reason there is to look. Set by hand on
 * `bench/recall/tuning.jsonl`.
 */
const ENOUGH = { personal: 0.33, general: 0.5, named: 0.5, namedToDo: 0.35, none: 0.66 } as const;
/** Words of others make the assistant ask before it acts: only where they clearly belong. */
const ENOUGH_OF_OTHERS = 0.66;

function isEnough({ hit, coverage, matched }: Fit, topic: Topic, route: Route): boolean {
  const names = topic.words.filter(({ kind }) => kind === 'name');
  // About Tom is not about Anna.
  if (names.length > 0 && !matched.some(({ kind }) => kind === 'name')) return false;
  if (!matched.some(({ kind }) => kind !== 'deed')) return false;
  if (!hasReason(topic) && matched.length < 2 && coverage < 1) return false;
  return coverage >= Math.max(enoughFor(topic, route), hit.origins.length > 0 ? ENOUGH_OF_OTHERS : 0);
}

function enoughFor({ words, isPersonal, isGeneral }: Topic, route: Route): number {
  if (isPersonal) return isGeneral ? ENOUGH.general : ENOUGH.personal;
  if (!words.some(({ kind }) => kind === 'name')) return ENOUGH.none;
  return route === 'task' ? ENOUGH.namedToDo : ENOUGH.named;
}

/** Those that fit nearly as well as the best one. */
function bestOf(fits: readonly Fit[]): readonly Fit[] {
  const best = Math.max(0, ...fits.map(({ coverage }) => coverage));
  return fits.filter(({ coverage }) => coverage >= best * NEARLY).sort((a, b) => b.coverage - a.coverage);
}

const NEARLY = 0.75;
