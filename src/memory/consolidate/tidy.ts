import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { MemoryStep } from '../../core/memory.ts';
import type { Database } from '../../storage/index.ts';
import { layerOf } from '../layers/layer.ts';
import type { Memory } from '../memory.ts';
import { digestEviction, evictSteps, isFadedDigest, wholeRemoval } from './evict-steps.ts';
import { type Condense, foldSteps, LEAST_DAYS } from './fold-steps.ts';
import { FactShelf, mergeSteps } from './merge-steps.ts';
import type { PlannedStep } from './planned-step.ts';
import { readDigests, readEpisodes } from './read-episodes.ts';
import { type FactDocument, readFacts } from './read-facts.ts';
import { applyStep } from './steps.ts';

/** What tidying does, in this order. */
export const PHASES = ['merge', 'fold', 'evict'] as const;
export type Phase = (typeof PHASES)[number];

export interface TidyParts {
  readonly database: Database;
  readonly memory: Pick<Memory, 'prepare' | 'writeStatements' | 'layers'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly condense: Condense;
  /** What the rules of folders say is too old to keep. */
  readonly expired: Expired;
  /** Lets others have their turn at the event loop. */
  readonly breathe: () => Promise<void>;
}

/** @param now milliseconds since the Unix epoch */
export type Expired = (now: number) => Promise<readonly Expiry[]>;

export interface Expiry {
  readonly path: string;
  readonly version: number;
  /** Why, in a sentence for people. */
  readonly reason: string;
}

/** One time of tidying. */
export interface Run {
  readonly id: string;
  /** Steps done so far. */
  steps: number;
}

/** Steps of one run: what is left waits for the next. */
const MOST_STEPS = 200;
const DAY_MS = 86_400_000;

/**
 * Does the steps of a phase, each in a commit of its own. `disturbed`: it was to stop in between, and what is left can
 * be done at any time, for nothing is remembered but what is in the database.
 *
 * @param mayGoOn asked before each step
 */
export async function tidyPhase(
  parts: TidyParts,
  phase: Phase,
  run: Run,
  mayGoOn: () => Promise<boolean>,
): Promise<'done' | 'disturbed'> {
  for await (const step of plannedSteps(parts, phase)) {
    if (run.steps >= MOST_STEPS) return 'done';
    if (!(await mayGoOn())) return 'disturbed';
    const mark = { id: parts.ids.next(), run: run.id, at: parts.clock.now() };
    if (await applyStep(parts.database, step, mark)) run.steps += 1;
  }
  return 'done';
}

/** What tidying would do now, without doing it. Each phase is told as if it were the first. */
export async function foreseenSteps(parts: TidyParts): Promise<readonly MemoryStep[]> {
  const at = new Date(parts.clock.now()).toISOString();
  const steps: MemoryStep[] = [];
  for (const phase of PHASES) {
    for await (const { action, changes, creates, reason } of plannedSteps(parts, phase)) {
      if (steps.length >= MOST_STEPS) return steps;
      const paths = [...changes.map(({ path }) => path), ...creates];
      steps.push({ id: '', at, action, paths, reason, undone: false });
    }
  }
  return steps;
}

async function* plannedSteps(parts: TidyParts, phase: Phase): AsyncGenerator<PlannedStep> {
  const isOurs = ({ path }: { readonly path: string }): boolean =>
    layerOf(parts.memory.layers, path).writable;
  if (phase === 'merge') yield* mergeSteps(await shelfOf(parts, isOurs), parts.breathe);
  else if (phase === 'fold') yield* folds(parts, isOurs);
  else yield* evictions(parts, isOurs);
}

type IsOurs = (document: { readonly path: string }) => boolean;

async function shelfOf({ database, memory, breathe }: TidyParts, isOurs: IsOurs): Promise<FactShelf> {
  const documents: FactDocument[] = [];
  for await (const document of readFacts(database)) {
    if (isOurs(document)) documents.push(document);
    await breathe();
  }
  return new FactShelf(documents, memory);
}

async function* folds(parts: TidyParts, isOurs: IsOurs): AsyncGenerator<PlannedStep> {
  const { database, memory, clock, condense } = parts;
  const now = clock.now();
  const before = new Date(now - LEAST_DAYS * DAY_MS).toISOString().slice(0, 10);
  const episodes = (await readEpisodes(database, before)).filter(isOurs);
  if (episodes.length === 0) return;
  yield* foldSteps(episodes, await readDigests(database), { memory, now, condense });
}

async function* evictions(parts: TidyParts, isOurs: IsOurs): AsyncGenerator<PlannedStep> {
  const now = parts.clock.now();
  for (const { path, version, reason } of (await parts.expired(now)).filter(isOurs))
    yield { action: 'expire', reason, ...wholeRemoval({ path, version }) };
  const digests = (await readDigests(parts.database)).filter(isOurs);
  for (const digest of digests) if (isFadedDigest(digest, now)) yield digestEviction(digest);
  yield* evictSteps(await shelfOf(parts, isOurs), now, parts.breathe);
}
