import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../src/core/journal.ts';
import { readHistory, visibleTurns } from '../src/llm/index.ts';
import { compacted, exchange } from '../src/llm/testing/records.ts';
import type { Database } from '../src/storage/index.ts';
import { createActorStore } from '../src/storage/journal/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { createTranscript, readTranscript } from './transcript.ts';

const LIMIT = 40;
const clock = { now: () => 0 };

let database: Database;
let talks = 0;
beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

const turns = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `t${first + at}`);
const talk = (first: number, last: number): readonly JournalRecord[] =>
  turns(first, last).flatMap((turnId) => exchange(turnId, turnId));

/** Two entries a turn: 50 turns, a summary of the first 40, and 5 turns, some of which were taken back. */
const LONG: readonly JournalRecord[] = [
  ...talk(1, 30),
  compacted(turns(1, 20), 'early'),
  ...talk(31, 50),
  compacted(turns(1, 40), 'much'),
  ...talk(51, 55),
  { type: 'history.changed', change: 'undo', turnIds: ['t55'] },
];

async function stored(records: readonly JournalRecord[]): Promise<string> {
  const key = `session/talk-${++talks}`;
  await database.commit([
    { sql: "insert into actor (key, shard, kind) values ($1, 0, 'session')", params: [key] },
  ]);
  const { journal } = await createActorStore(database, clock, 1).open(key, 1);
  await journal.commit(() => ({ records, snapshot: null }));
  return key;
}

/** What a model is shown: the summary by its text, turns by their name. */
const shown = (entries: readonly JournalEntry[]): readonly string[] =>
  readHistory(entries).map((part) => {
    if (part.type === 'notices') return 'notices';
    return part.type === 'turn' ? part.turnId : part.compaction.summary;
  });

describe('a session that wakes', () => {
  test('looks back on a summary and on all that came after what it covers', async () => {
    const { entries } = await readTranscript(database, await stored(LONG), LIMIT);
    expect(shown(entries)).toEqual(['much', ...turns(41, 54)]);
    expect(visibleTurns(entries)).toEqual(turns(1, 54));
  });

  test('finds a summary however much was said since, within its bounds', async () => {
    const records = [...LONG, ...talk(56, 75)];
    const { entries } = await readTranscript(database, await stored(records), LIMIT);
    const [first, ...rest] = shown(entries);
    expect(first).toBe('much');
    expect(rest.at(-1)).toBe('t75');
    expect(entries.length).toBeLessThanOrEqual(2 * LIMIT);
  });

  test('reads a short conversation with one query, and any other with three', async () => {
    const count = async (records: readonly JournalRecord[]): Promise<number> => {
      let queries = 0;
      const key = await stored(records);
      const query: Database['query'] = (sql, params) => {
        queries++;
        return database.query(sql, params);
      };
      await readTranscript({ ...database, query }, key, LIMIT);
      return queries;
    };
    expect(await count(talk(1, 20))).toBe(1);
    expect(await count(LONG)).toBe(3);
    expect(await count([...LONG, ...talk(56, 200)])).toBe(3);
  });
});

test('a transcript that grows lets go of what a summary covers first', () => {
  const transcript = createTranscript([], LIMIT);
  LONG.forEach((record, at) => {
    transcript.append([{ ...record, seq: at + 1, at: new Date(0).toISOString() }]);
    expect(transcript.entries.length).toBeLessThanOrEqual(2 * LIMIT);
  });
  expect(shown(transcript.entries)).toEqual(['much', ...turns(41, 54)]);
});
