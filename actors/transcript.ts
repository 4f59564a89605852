import type { JournalEntry } from '../src/core/journal.ts';

/**
 * The recent journal of one conversation, kept in memory while its session is awake so that a turn need not read
 * it back. Bounded: beyond twice `limit` entries the oldest are let go, at the start of a turn.
 */
export interface Transcript {
  readonly entries: readonly JournalEntry[];
  append(entries: readonly JournalEntry[]): void;
}

/** How many entries of the journal a session looks back on; a turn without tools has four. */
export const TRANSCRIPT_ENTRIES = 1000;

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
      if (entries.length > 2 * limit) entries = fromTurnStart(entries.slice(-limit));
    },
  };
}

/** A transcript begins with a whole turn, never in the middle of one. */
function fromTurnStart(entries: JournalEntry[]): JournalEntry[] {
  const start = entries.findIndex((entry) => entry.type === 'turn.began');
  return start > 0 ? entries.slice(start) : entries;
}
