import { ulids } from '../../src/core/ids.ts';
import {
  endUpkeep,
  forgetConversation,
  forgottenConversations,
  type HygieneSettings,
  lastUpkeep,
  MOST_ROWS,
  prunings,
  takeUpkeep,
} from '../../src/hygiene/index.ts';
import { wholeRemoval } from '../../src/memory/consolidate/evict-steps.ts';
import { isQuiet } from '../../src/memory/consolidate/lease.ts';
import { applyStep } from '../../src/memory/consolidate/steps.ts';
import { layerOf } from '../../src/memory/index.ts';
import { type OutlivedDocument, outlivedDocuments } from '../../src/memory/rules/outlived.ts';
import type { Environment } from '../environment.ts';

type Parts = Pick<Environment, 'database' | 'clock' | 'memory' | 'log' | 'settings'>;

/** What was removed, or would be: in words, with how much of it. */
export type CleanReport = Readonly<Record<string, number>>;

const NAME = 'hygiene';
/** From one time to the next at the least. */
const EVERY_MS = 12 * 3_600_000;
/** How long it counts on nobody else doing it, before it takes it again. */
const HELD_MS = 60_000;
/** Nobody has said anything for so long: then a commit disturbs nobody. */
const QUIET_MS = 120_000;
const DAY_MS = 86_400_000;

const OFF: HygieneSettings = {
  enabled: false,
  dailyLogDays: 0,
  conversationDays: 0,
  workDays: 0,
  recordDays: 0,
};

/** Removes what is old where it is time for that, and stops where somebody begins to talk: the next look goes on. */
export async function cleanWhereDue(env: Parts, signal: AbortSignal): Promise<void> {
  const { database, clock, settings, log } = env;
  if (!settings.hygiene?.enabled) return;
  const { lastAt } = await lastUpkeep(database, NAME);
  if (lastAt !== null && clock.now() - lastAt < EVERY_MS) return;
  const report = await clean(env, signal, () => isQuiet(database, clock.now(), QUIET_MS));
  if (report && Object.keys(report).length > 0) log.info({ removed: report }, 'what was old was removed');
}

/**
 * Removes what is old, 200 rows in a commit at most. Undefined where it was not brought to its end: somebody talks,
 * another process does it, or it was stopped.
 *
 * @param mayGoOn asked before each commit
 */
export async function clean(
  env: Parts,
  signal: AbortSignal,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<CleanReport | undefined> {
  const { database, clock } = env;
  const holder = ulids(clock.now).next();
  let takenAt = Number.NEGATIVE_INFINITY;
  const holds = async (): Promise<boolean> => {
    if (clock.now() - takenAt < HELD_MS) return true;
    takenAt = clock.now();
    return takeUpkeep(database, NAME, holder, takenAt);
  };
  const goesOn = async (): Promise<boolean> => !signal.aborted && (await mayGoOn()) && (await holds());
  if (!(await goesOn())) return undefined;
  const removed = new Map<string, number>();
  const add = (what: string, count: number): void => {
    if (count > 0) removed.set(what, (removed.get(what) ?? 0) + count);
  };
  let report: CleanReport | undefined;
  try {
    const isDone =
      (await expire(env, holder, goesOn, add)) &&
      (await forgetTalks(env, goesOn, add)) &&
      (await prune(env, goesOn, add));
    if (isDone) report = Object.fromEntries(removed);
  } finally {
    await endUpkeep(database, NAME, holder, { now: clock.now(), report });
  }
  return report;
}

/** What would be removed now. */
export async function foreseenCleaning(env: Parts): Promise<CleanReport> {
  const { database, clock, settings } = env;
  const now = clock.now();
  const hygiene = settings.hygiene ?? OFF;
  const talks = await oldTalks(env, hygiene, 10_000);
  const counts: [string, number][] = [
    [DOCUMENTS, (await outlived(env)).length],
    [TALKS, talks.length],
  ];
  for (const { what, count } of prunings(hygiene, now)) {
    const { rows } = await database.query<{ count: number }>(count.sql, count.params);
    counts.push([what, rows[0]?.count ?? 0]);
  }
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

type GoesOn = () => Promise<boolean>;
type Add = (what: string, count: number) => void;

const DOCUMENTS = 'documents of memory';
const TALKS = 'conversations of jobs and runs';

/** Each document is a step of tidying, so that it can be brought back: `ironbark memory undo STEP`. */
async function expire(env: Parts, run: string, goesOn: GoesOn, add: Add): Promise<boolean> {
  const { database, clock } = env;
  const ids = ulids(clock.now);
  for (const { path, version, days } of await outlived(env)) {
    if (!(await goesOn())) return false;
    const reason = `${path} did not change for ${days} days.`;
    const step = { action: 'expire', reason, ...wholeRemoval({ path, version }) } as const;
    const done = await applyStep(database, step, { id: ids.next(), run, at: clock.now() });
    add(DOCUMENTS, done ? 1 : 0);
  }
  return true;
}

async function outlived({ database, memory, clock, settings }: Parts): Promise<readonly OutlivedDocument[]> {
  const { dailyLogDays, conversationDays } = settings.hygiene ?? OFF;
  const usual = [
    { folder: 'daily', days: dailyLogDays },
    { folder: 'conversations', days: conversationDays },
  ].filter(({ days }) => days > 0);
  const found = await outlivedDocuments(database, usual, clock.now());
  return found.filter(({ path }) => layerOf(memory.layers, path).writable);
}

const oldTalks = (
  { database, clock }: Parts,
  { workDays }: HygieneSettings,
  limit: number,
): Promise<readonly string[]> =>
  workDays === 0
    ? Promise.resolve([])
    : forgottenConversations(database, clock.now() - workDays * DAY_MS, limit);

async function forgetTalks(env: Parts, goesOn: GoesOn, add: Add): Promise<boolean> {
  const { database, clock, settings } = env;
  const hygiene = settings.hygiene ?? OFF;
  for (;;) {
    const ids = await oldTalks(env, hygiene, MOST_ROWS);
    let forgotten = 0;
    for (const id of ids) {
      if (!(await goesOn())) return false;
      forgotten += (await forgetConversation(database, id, clock.now() - hygiene.workDays * DAY_MS)) ? 1 : 0;
    }
    add(TALKS, forgotten);
    if (forgotten === 0) return true;
  }
}

async function prune({ database, clock, settings }: Parts, goesOn: GoesOn, add: Add): Promise<boolean> {
  for (const { what, find, remove } of prunings(settings.hygiene ?? OFF, clock.now())) {
    for (;;) {
      // To look costs no commit, and most of the time there is nothing.
      if ((await database.query(find.sql, find.params)).rows.length === 0) break;
      if (!(await goesOn())) return false;
      const { results } = await database.commit([remove]);
      const count = results[0]?.rowCount ?? 0;
      add(what, count);
      if (count < MOST_ROWS) break;
    }
  }
  return true;
}
