import type { EntryPage } from '../../core/assistant.ts';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { Queryable } from '../database.ts';

/** A page of an actor's journal, oldest entry first. Cost: the entries on the page, by the primary key. */
export async function readEntries(
  database: Queryable,
  key: string,
  page: EntryPage,
): Promise<readonly JournalEntry[]> {
  const forward = page.after !== undefined;
  const bound = forward ? page.after : (page.before ?? Number.MAX_SAFE_INTEGER);
  const { rows } = await database.query<JournalRow>(forward ? AFTER : BEFORE, [key, bound ?? 0, page.limit]);
  const entries = rows.map(toEntry);
  return forward ? entries : entries.reverse();
}

/** As it is read. */
export interface JournalRow extends Record<string, unknown> {
  readonly seq: number;
  readonly at: Date;
  readonly type: string;
  readonly payload: object;
}

export function toEntry({ seq, at, type, payload }: JournalRow): JournalEntry {
  return { ...asRecord({ ...payload, type }), seq, at: at.toISOString() };
}

/** Rows are only ever written from a `JournalRecord` (see `ActorJournal.commit`), which is what makes this true. */
function asRecord(row: object): JournalRecord {
  return row as JournalRecord;
}

const AFTER =
  'select seq, at, type, payload from journal where actor_key = $1 and seq > $2 order by seq limit $3';
const BEFORE = `
  select seq, at, type, payload from journal where actor_key = $1 and seq < $2 order by seq desc limit $3`;

/** How far back, and how many of them. */
const MARKS_WITHIN = 50_000;
const MOST_MARKS = 200;

/**
 * The latest entries before a sequence number that say which turns of a conversation count, oldest first. Cost: a look
 * at the 50,000 entries before it, by the primary key.
 */
export async function readMarks(
  database: Queryable,
  key: string,
  before: number,
): Promise<readonly JournalEntry[]> {
  const { rows } = await database.query<JournalRow>(MARKS, [key, before, before - MARKS_WITHIN, MOST_MARKS]);
  return rows.map(toEntry).reverse();
}

const MARKS = `
  select seq, at, type, payload from journal
  where actor_key = $1 and seq < $2 and seq >= $3
    and type in ('history.compacted', 'history.expanded', 'history.changed')
  order by seq desc limit $4`;
