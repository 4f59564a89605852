import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inbound } from '../../core/assistant.ts';
import type { JournalRecord } from '../../core/journal.ts';
import { FencedError, StaleInputError } from '../../runtime/durable/index.ts';
import type { Database } from '../database.ts';
import { openMemoryDatabase } from '../testing/memory-database.ts';
import { type OpenedJournal, openJournal, type Step } from './actor-journal.ts';
import { readEntries } from './entries.ts';
import { createInbox, type Inbox, keysWithWork, openInputs } from './inbox.ts';
import { jsonText } from './json-text.ts';
import { markReplies, openReplies } from './outbox.ts';
import { shardOf } from './shard.ts';

let database: Database;
let inbox: Inbox;
let made = 0;
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
const at = new Date(clock.now()).toISOString();

beforeAll(async () => {
  database = await openMemoryDatabase();
  inbox = createInbox(database);
});
afterAll(() => database.close());

const inbound = (conversationId: string, externalId: string, text = 'hello'): Inbound => ({
  channel: 'test',
  externalId,
  conversationId,
  input: { type: 'message', text, mode: 'queue' },
});

/** A conversation of its own with one accepted input. */
async function begin(): Promise<{ key: string; inboxId: string }> {
  const conversationId = `talk-${++made}`;
  const key = `session/${conversationId}`;
  const row = { inboxId: `inbox-${made}`, actorKey: key, at };
  const { inboxId } = await inbox.accept(inbound(conversationId, `external-${made}`), row);
  return { key, inboxId };
}

const open = (key: string, epoch = 1): Promise<OpenedJournal> => openJournal(database, clock, key, epoch);

const note = (text: string): JournalRecord => ({ type: 'input.refused', inboxId: 'none', reason: text });
const step = (text: string, more: Partial<Step> = {}): Step => ({
  records: [note(text)],
  snapshot: null,
  ...more,
});

describe('the journal of an actor', () => {
  test('numbers its entries without a gap and reads them back forward and backward', async () => {
    const { key } = await begin();
    const { journal } = await open(key);
    await journal.commit(() => ({ records: [note('one'), note('two')], snapshot: null }));
    const { entries } = await journal.commit((firstSeq) => step(`number ${firstSeq}`));
    expect(entries).toMatchObject([{ seq: 3, at, reason: 'number 3' }]);
    const forward = await readEntries(database, key, { after: 1, limit: 10 });
    expect(forward.map(({ seq }) => seq)).toEqual([2, 3]);
    const backward = await readEntries(database, key, { before: 3, limit: 1 });
    expect(backward).toMatchObject([{ seq: 2, reason: 'two' }]);
  });

  test('takes steps that are made at the same time one after another', async () => {
    const { key } = await begin();
    const { journal } = await open(key);
    const steps = Array.from({ length: 20 }, () => journal.commit((firstSeq) => step(String(firstSeq))));
    const committed = await Promise.all(steps);
    expect(committed.map(({ entries }) => entries[0]?.seq)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
  });

  test('fences off a life that has been replaced: it writes nothing', async () => {
    const { key, inboxId } = await begin();
    const old = await open(key);
    const young = await open(key);
    await young.journal.commit(() => step('mine'));
    const late = old.journal.commit(() => step('too late', { taken: [inboxId] }));
    await expect(late).rejects.toBeInstanceOf(FencedError);
    expect(await readEntries(database, key, { after: 0, limit: 10 })).toHaveLength(1);
    expect(await openInputs(database, key, 10)).toHaveLength(1);
  });

  test('belongs to the newest epoch alone', async () => {
    const { key } = await begin();
    const old = await open(key, 1);
    const young = await open(key, 2);
    await young.journal.commit(() => step('epoch 2'));
    await expect(old.journal.commit(() => step('epoch 1'))).rejects.toBeInstanceOf(FencedError);
    await expect(open(key, 1)).rejects.toBeInstanceOf(FencedError);
  });

  test('commits everything of a step or nothing', async () => {
    const { key, inboxId } = await begin();
    const { journal } = await open(key);
    const intended = [{ id: `${key}:1:0`, kind: 'k', class: 'once', request: { a: 1 } }] as const;
    const broken = journal.commit(() =>
      step('x', { intended, taken: [inboxId], writes: [{ sql: 'insert into nowhere values (1)' }] }),
    );
    await expect(broken).rejects.toThrow();
    const again = await open(key);
    expect(again.openEffects).toEqual([]);
    await again.journal.commit(() => step('x', { intended, taken: [inboxId], snapshot: { state: 's' } }));
    const third = await open(key);
    expect(third).toMatchObject({ openEffects: intended, snapshot: { state: 's' } });
    expect(await openInputs(database, key, 10)).toEqual([]);
  });

  test('counts the tries to go on since the last step', async () => {
    const { key } = await begin();
    const { journal } = await open(key);
    await journal.commit(() => step('x', { snapshot: { state: 's' } }));
    expect(await (await open(key)).journal.attempt()).toBe(1);
    const third = await open(key);
    expect(await third.journal.attempt()).toBe(2);
    await third.journal.commit(() => step('y', { snapshot: { state: 's' } }));
    expect(await (await open(key)).journal.attempt()).toBe(1);
  });
});

describe('the inbox', () => {
  test('knows an input that comes again by its channel and external id', async () => {
    const first = await inbox.accept(inbound('twice', 'same'), {
      inboxId: 'a',
      actorKey: 'session/twice',
      at,
    });
    const second = await inbox.accept(inbound('twice', 'same'), {
      inboxId: 'b',
      actorKey: 'session/twice',
      at,
    });
    expect(first).toEqual({ inboxId: 'a', duplicate: false });
    expect(second).toEqual({ inboxId: 'a', duplicate: true });
  });

  test('names a conversation after its first message', async () => {
    const { rows } = await database.query("select title from conversation where id = 'twice'");
    expect(rows).toEqual([{ title: 'hello' }]);
  });

  test('has nothing to take for a step whose input was never accepted: the step is refused', async () => {
    const { key, inboxId } = await begin();
    const { journal } = await open(key);
    const both = journal.commit(() => step('x', { taken: [inboxId, 'never'] }));
    await expect(both).rejects.toBeInstanceOf(StaleInputError);
    const never = journal.commit(() => step('x', { taken: ['never'] }));
    await expect(never).rejects.toBeInstanceOf(StaleInputError);
    await journal.commit(() => step('the other', { taken: [inboxId] }));
    expect(await readEntries(database, key, { after: 0, limit: 9 })).toMatchObject([
      { seq: 1, reason: 'the other' },
    ]);
  });

  test('tells which actors have work, until it is done', async () => {
    const { key, inboxId } = await begin();
    expect(await keysWithWork(database)).toContain(key);
    const { journal } = await open(key);
    await journal.commit(() => step('done', { taken: [inboxId] }));
    expect(await keysWithWork(database)).not.toContain(key);
  });
});

test('a reply stays open until it reaches a final state, and keeps that', async () => {
  const { key } = await begin();
  const { journal } = await open(key);
  const id = `${key}:1:0`;
  await journal.commit(() => step('reply', { replies: [{ id, channel: 'post', payload: { text: 'hi' } }] }));
  expect(await openReplies(database, 'post')).toMatchObject([
    { id, state: 'prepared', payload: { text: 'hi' } },
  ]);
  await markReplies(database, [id], 'delivered', at);
  await markReplies(database, [id], 'unknown', at);
  expect(await openReplies(database, 'post')).toEqual([]);
  const { rows } = await database.query('select state from outbox where id = $1', [id]);
  expect(rows).toEqual([{ state: 'delivered' }]);
});

test('any JSON survives the database, apart from what it cannot hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (value) => {
      const { rows } = await database.query<{ v: unknown }>('select $1::text::jsonb as v', [
        jsonText({ value }),
      ]);
      const storable = JSON.parse(JSON.stringify({ value }), (_, inner) =>
        typeof inner === 'string' ? inner.replaceAll('\0', '\ufffd').toWellFormed() : inner,
      );
      expect(JSON.stringify(rows[0]?.v).length).toBeGreaterThan(0);
      if (!JSON.stringify(value).includes('\\u')) expect(rows[0]?.v).toEqual(storable);
    }),
    { numRuns: 200 },
  );
});

test('the shard of a key never changes', () => {
  expect(['session/a', 'session/b', ''].map(shardOf)).toEqual([75, 222, 197]);
});
