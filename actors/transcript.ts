import type { JournalEntry } from '../src/core/journal.ts';
import { hiddenTurns, readHistory } from '../src/llm/index.ts';
import type { Queryable } from '../src/storage/index.ts';
import { readEntries, readMarks } from '../src/storage/journal/index.ts';

/**
 * The recent journal of one conversation, kept in memory while its session is awake so that a turn need not read
 * it back. Bounded: beyond twice `limit` entries the oldest are let go, at the start of a turn; those first that the
 * model is not shown any more. What says which turns count (`history.…`) stays.
 */
export interface Transcript {
  readonly entries: readonly JournalEntry[];
  append(entries: readonly JournalEntry[]): void;
}

/** How many entries of the journal a session looks back on; a turn without tools has four. */
const TRANSCRIPT_ENTRIES = 1000;

export function createTranscript(
  recent: readonly JournalEntry[],
  limit: number = TRANSCRIPT_ENTRIES,
): Transcript {
  let entries = [...recent];
  return {
    get entries() {
      return entries;
    },
    append(more) {
      entries.push(...more);
      if (entries.length > 2 * limit) entries = [...withoutOldest(entries, limit)];
    },
  };
}

/**
 * What a session that wakes looks back on: the latest entries, and of those before them what the model is still shown,
 * as much as `createTranscript` would have kept. One query for a conversation that is not longer than `limit`, three at
 * most; each reads a bounded part of the primary key.
 */
export async function readTranscript(
  database: Queryable,
  key: string,
  limit: number = TRANSCRIPT_ENTRIES,
): Promise<Transcript> {
  const latest = await readEntries(database, key, { limit });
  const first = latest[0]?.seq ?? 1;
  if (first === 1) return createTranscript(latest, limit);
  const older = await readEntries(database, key, { before: first, limit });
  const marks = await readMarks(database, key, older[0]?.seq ?? first);
  return createTranscript(withoutOldest([...marks, ...older, ...latest], limit), limit);
}

/** As many as `readMarks` finds. */
const MOST_MARKS = 200;

/** The latest entries, beginning with a whole turn, and before them half as many at most that still count. */
function withoutOldest(entries: readonly JournalEntry[], limit: number): readonly JournalEntry[] {
  const start = turnStart(entries, entries.length - limit);
  const older = entries.slice(0, start);
  const shown = shownTurns(entries);
  const counting = older.filter((entry) => isMark(entry) || ('turnId' in entry && shown.has(entry.turnId)));
  const told = counting.filter((entry) => !isMark(entry));
  const kept = new Set([
    ...counting.filter(isMark).slice(-MOST_MARKS),
    ...told.slice(turnStart(told, told.length - Math.floor(limit / 2))),
  ]);
  return [...counting.filter((entry) => kept.has(entry)), ...entries.slice(start)];
}

/** The first beginning of a turn from this place on; the place itself where there is none. */
function turnStart(entries: readonly JournalEntry[], place: number): number {
  const from = Math.max(0, place);
  const start = entries.findIndex((entry, at) => at >= from && entry.type === 'turn.began');
  return start < 0 ? from : start;
}

/** Turns that the model is shown themselves, not in a summary. */
function shownTurns(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const turns = readHistory(entries).flatMap((part) => (part.type === 'turn' ? [part.turnId] : []));
  return new Set([...turns, ...hiddenTurns(entries)]);
}

function isMark({ type }: JournalEntry): boolean {
  return type === 'history.compacted' || type === 'history.expanded' || type === 'history.changed';
}
