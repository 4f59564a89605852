import { type Episode, readEpisode } from '../src/memory/episodes/episode.ts';
import { additionsOf } from '../src/memory/episodes/episode-documents.ts';
import { episodeQuestion } from '../src/memory/episodes/episode-request.ts';
import { extractEpisode, isWorthAsking } from '../src/memory/episodes/extract.ts';
import { type Part, readPart } from '../src/memory/episodes/part.ts';
import {
  distilled,
  dropForgotten,
  findEnded,
  noteOff,
  putOff,
  takeWaiting,
  type Waiting,
} from '../src/memory/episodes/waiting.ts';
import type { Statement } from '../src/storage/index.ts';
import { askAside } from './ask-aside.ts';
import type { Environment } from './environment.ts';
import { hasModel } from './has-model.ts';

/**
 * Distils every conversation that has ended and waits for it, each part of it once: what is made of a part commits with
 * the note that it was done, so that a crash in between leaves neither.
 */
export async function distilEnded(
  env: Environment,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const { database, clock, settings } = env;
  if (!settings.episodes) return noteOff(database, clock.now());
  await findEnded(database, { now: clock.now(), afterMs: settings.episodes.afterMs });
  while (!signal.aborted) {
    const waiting = await takeWaiting(database, clock.now());
    if (!waiting) return;
    try {
      await distil(env, waiting, signal, onProgress);
    } catch (error) {
      if (signal.aborted) return;
      // Those that wait behind it get their turn.
      await putOffFor(env, waiting);
      env.log.warn(
        { err: error, conversationId: waiting.conversationId },
        'a conversation was not distilled',
      );
    }
    onProgress();
  }
}

async function distil(
  env: Environment,
  waiting: Waiting & { readonly since: Date },
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const part = await readPart(env.database, waiting);
  // A model may take its time, up to the limit that its call has; it is watched where it is asked.
  const beat = setInterval(onProgress, BEAT_MS);
  const found = await episodeOf(env, waiting, part, signal).finally(() => clearInterval(beat));
  if (signal.aborted) return;
  if (found === 'later') await putOffFor(env, waiting);
  else await keep(env, waiting, found);
}

async function putOffFor({ database, clock }: Environment, waiting: Waiting): Promise<void> {
  await database.commit([putOff(waiting, clock.now() + patience(waiting.attempts))]);
}

const MINUTE = 60_000;
/** 5 minutes, 10, 20, … a day at most. */
const patience = (attempts: number): number => Math.min(5 * 2 ** attempts, 24 * 60) * MINUTE;

interface Found {
  readonly part: Part;
  /** Undefined where nothing is worth keeping. */
  readonly episode: Episode | undefined;
  /** What models did cost. */
  readonly writes: readonly Statement[];
}

/** After so many times without an answer, or after crashes, it is done without a model. */
const MOST_ATTEMPTS = 6;

/** Without a model, or where none answers as it should: the user's own words, in which nobody else had a hand. */
async function episodeOf(
  env: Environment,
  waiting: Waiting,
  part: Part,
  signal: AbortSignal,
): Promise<Found | 'later'> {
  if (!isWorthAsking(part)) return { part, episode: undefined, writes: [] };
  const extracted = { part: { ...part, origins: [] }, episode: extractEpisode(part) };
  if (waiting.attempts >= MOST_ATTEMPTS || !(await hasModel(env, 'aside')))
    return { ...extracted, writes: [] };
  const asked = await ask(env, waiting, part, signal);
  if (asked === 'later') return 'later';
  return asked.episode === 'malformed'
    ? { ...extracted, writes: asked.writes }
    : { ...asked, part, episode: asked.episode };
}

/** Characters of the conversation that a model is shown, by how often it has been asked: it may have a small window. */
const SHOWN = [24_000, 8_000] as const;
/** A title, 1,200 characters and 12 facts are about 1,300 tokens; some models think before they write. */
const MOST_OUTPUT_TOKENS = 3_000;
const LONGEST_CALL_MS = 120_000;
const BEAT_MS = 5_000;

interface Asked {
  readonly episode: Episode | undefined | 'malformed';
  readonly writes: readonly Statement[];
}

/** Twice at most: where the answer is not what was asked for, or the conversation did not fit. */
async function ask(
  env: Environment,
  waiting: Waiting,
  part: Part,
  signal: AbortSignal,
): Promise<Asked | 'later'> {
  const { conversationId, fromSeq } = waiting;
  const turnId = `episode/${conversationId}/${fromSeq}-${part.uptoSeq}`;
  let writes: readonly Statement[] = [];
  for (const [attempt, characters] of SHOWN.entries()) {
    const order = {
      effectId: `${turnId}/${attempt}`,
      payer: { conversationId, turnId },
      question: episodeQuestion(part, characters),
      maxOutputTokens: MOST_OUTPUT_TOKENS,
    };
    const stopped = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CALL_MS)]);
    const asked = await askAside(env, order, stopped);
    writes = [...writes, ...asked.writes];
    const { result } = asked;
    if (!result.ok && result.error.kind !== 'context-too-long' && result.error.kind !== 'bad-response') {
      await settle(env, writes);
      return 'later';
    }
    const read = result.ok ? readEpisode(result.value.text, part) : undefined;
    if (read?.ok) return { episode: read.value, writes };
  }
  return { episode: 'malformed', writes };
}

async function settle({ database }: Environment, [first, ...rest]: readonly Statement[]): Promise<void> {
  if (first) await database.commit([first, ...rest]);
}

/** Where something was forgotten meanwhile nothing is kept, and the next look begins anew. */
async function keep(env: Environment, waiting: Waiting, { part, episode, writes }: Found): Promise<void> {
  const documents = episode ? await statementsOf(env, waiting, part, episode) : [];
  const guard = distilled(waiting, part.uptoSeq, part.origins);
  const { committed } = await env.database.commit([guard, ...documents, ...writes]);
  if (committed) return;
  await settle(env, writes);
  await env.database.commit([dropForgotten(waiting)]);
}

/** What is known already is not said twice; what may not be kept is left out. */
async function statementsOf(
  { memory, settings, log }: Environment,
  { conversationId }: Waiting,
  part: Part,
  episode: Episode,
): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  const seen = new Set<string>();
  for (const addition of additionsOf({ conversationId, part, episode, timezone: settings.timezone })) {
    const { path, content, source, origins } = addition;
    const known = (await memory.read(path))?.content.split('\n') ?? [];
    if (known.includes(content) || seen.has(`${path}\n${content}`)) continue;
    seen.add(`${path}\n${content}`);
    const prepared = await memory.prepare(path, { type: 'append', content }, { origins, source });
    if (prepared.ok) statements.push(...prepared.value.statements);
    else log.info({ path, reason: prepared.error }, 'not kept of a conversation');
  }
  return statements;
}
