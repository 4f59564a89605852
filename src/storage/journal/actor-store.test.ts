import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConformanceRecord, testDurableStore } from '../../runtime/durable/testing/conformance.ts';
import type { Database } from '../database.ts';
import { openMemoryDatabase } from '../testing/memory-database.ts';
import { createActorStore } from './actor-journal.ts';
import { deadLetters } from './dead-letters.ts';
import { createInbox } from './inbox.ts';

let database: Database;
let keys = 0;
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
const newKey = (): string => `test/${++keys}`;

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());

describe('the store in the database', () => {
  testDurableStore(() => ({
    store: createActorStore<ConformanceRecord>(database, clock, 1),
    newKey,
    async newInput(actorKey) {
      const inboxId = newKey();
      const input = { type: 'message', text: 'hi', mode: 'queue' } as const;
      const inbound = { channel: 'test', externalId: inboxId, conversationId: actorKey, input };
      await createInbox(database).accept(inbound, { inboxId, actorKey, at: '2026-01-02T03:04:05.678Z' });
      return inboxId;
    },
    async entries(key) {
      const { rows } = await database.query<{ seq: number; text: string }>(
        "select seq, payload->>'text' as text from journal where actor_key = $1 order by seq",
        [key],
      );
      return rows;
    },
    deadLetters: (key) => deadLetters(database, { key }),
  }));

  test('belongs to the newest epoch alone', async () => {
    const key = newKey();
    const old = await createActorStore(database, clock, 1).open(key, 1);
    await createActorStore(database, clock, 2).open(key, 1);
    const late = old.journal.commit(() => ({ records: [], snapshot: null }));
    await expect(late).rejects.toMatchObject({ name: 'FencedError' });
    const again = createActorStore(database, clock, 1).open(key, 1);
    await expect(again).rejects.toMatchObject({ name: 'FencedError' });
  });

  test('lists dead letters of all actors, the latest first', async () => {
    const parked = { event: { type: 'p' }, inputs: [], effectId: null, error: 'nul \0' };
    const parkedBy = [newKey(), newKey()];
    for (const key of parkedBy) {
      const { journal } = await createActorStore(database, clock, 1).open(key, 1);
      await journal.commit(() => ({ records: [], snapshot: null, parked }));
    }
    const [latest, before] = await deadLetters(database, { limit: 2 });
    expect(latest).toEqual({
      id: expect.any(Number),
      actorKey: parkedBy[1],
      seq: 0,
      event: { type: 'p' },
      error: 'nul \ufffd',
      parkedAt: '2026-01-02T03:04:05.678Z',
    });
    expect(before?.actorKey).toBe(parkedBy[0]);
  });
});
