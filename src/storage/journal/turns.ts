import type { JournalEntry } from '../../core/journal.ts';
import type { Queryable } from '../database.ts';
import { type JournalRow, toEntry } from './entries.ts';

/** More entries than a turn has that keeps to its limits. */
const MOST_ENTRIES = 5_000;

/**
 * Everything the journal says of one turn, oldest first. Cost: from its first entry to its last, by the primary key,
 * after a look through the conversation for where it begins.
 */
export async function readTurn(
  database: Queryable,
  key: string,
  turnId: string,
): Promise<readonly JournalEntry[]> {
  const { rows } = await database.query<JournalRow>(TURN, [key, turnId, MOST_ENTRIES]);
  return rows.map(toEntry);
}

const TURN = `
  select seq, at, type, payload from journal
  where actor_key = $1 and payload->>'turnId' = $2 order by seq limit $3`;

/** The beginnings of the latest turns of a conversation and their ends, oldest first. Cost: a look through it. */
export async function readTurnBounds(
  database: Queryable,
  key: string,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const { rows } = await database.query<JournalRow>(BOUNDS, [key, limit * 2]);
  return rows.map(toEntry).reverse();
}

const BOUNDS = `
  select seq, at, type, payload from journal
  where actor_key = $1 and type in ('turn.began', 'turn.replied') order by seq desc limit $2`;
