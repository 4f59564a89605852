import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { Notification } from '../../src/core/notifications.ts';
import {
  latestNotifications,
  type NotifyPolicy,
  notificationStatement,
} from '../../src/notifications/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { Environment } from '../environment.ts';
import { type Bench, openBench } from '../testing/bench.ts';
import { createTelling } from './tell-waiting.ts';

/** Noon in UTC. */
const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;

/** A whole tree, and a notifier beside it whose time is turned by hand. */
async function openTold(notify: Partial<Omit<NotifyPolicy, 'timezone'>> = {}) {
  const bench = await openBench({ script: () => 'hello' });
  // The tree's own must not be faster than the test.
  bench.system.crash('time/notifier');
  const time = { now: NOON };
  const telling = (database: Environment['database'] = bench.env.database) =>
    createTelling({
      ...bench.env,
      database,
      clock: { now: () => time.now },
      settings: {
        ...bench.env.settings,
        notify: { rules: [], digestAt: 18 * 60, gatherMs: 10_000, ...notify },
      },
    });
  const one = telling();
  return {
    bench,
    time,
    telling,
    look: () => one.look(),
    write: (...given: readonly Partial<Notification>[]) => write(bench, time.now, given),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

let written = 0;

async function write(
  { database }: Bench,
  at: number,
  given: readonly Partial<Notification>[],
): Promise<void> {
  for (const one of given) {
    const whole: Notification = {
      kind: 'job.completed',
      key: `key-${++written}`,
      from: 'the job "tidy up"',
      text: 'All is tidy.',
      conversationId: null,
      origins: [],
      ...one,
    };
    await database.commit([notificationStatement(whole, at)]);
  }
}

async function talk(bench: Bench, conversationId: string, channel = 'web'): Promise<void> {
  const input = { type: 'message', text: `hello ${conversationId}`, mode: 'queue' } as const;
  const replied = new Promise<void>((resolve) => {
    const stop = bench.assistant.watch(conversationId, (event) => {
      if (event.type !== 'entry' || event.entry.type !== 'turn.replied') return;
      stop();
      resolve();
    });
  });
  await bench.assistant.accept({ channel, externalId: `talk-${++written}`, conversationId, input });
  await replied;
}

type Notice = Extract<JournalEntry, { type: 'notice.posted' }>;

/** What was told there, when so much has been. */
async function noticesIn(bench: Bench, conversationId: string, count: number): Promise<readonly Notice[]> {
  for (;;) {
    const entries = await bench.assistant.entries(conversationId, { after: 0, limit: 1_000 });
    const notices = entries.filter((entry): entry is Notice => entry.type === 'notice.posted');
    if (notices.length >= count) return notices;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const statesOf = async ({ database }: Bench) =>
  (await latestNotifications(database, 100)).map(({ state }) => state).reverse();

describe('a notification', () => {
  test('is told by the tree itself, once, in the conversation that it belongs to, with whose words it holds', async () => {
    await using bench = await openBench({ script: () => 'hello' });
    await talk(bench, 'first');
    await talk(bench, 'second');
    await write(bench, Date.now(), [{ conversationId: 'first', origins: ['the page https://a.example'] }]);
    bench.env.feed.publishWork({ type: 'routine-run', run: RUN });
    const [notice] = await noticesIn(bench, 'first', 1);
    expect(notice).toMatchObject({
      text: 'All is tidy.',
      from: 'the job "tidy up"',
      origins: ['the page https://a.example'],
    });
    expect(await latestNotifications(bench.database, 1)).toMatchObject([{ state: 'told', toldIn: 'first' }]);
  });

  test('that belongs nowhere, or to a conversation of nobody, is told in the one that was active last', async () => {
    await using told = await openTold();
    await talk(told.bench, 'first');
    await talk(told.bench, 'second');
    await told.write({ text: 'one' }, { text: 'two', conversationId: 'job-17', kind: 'job.failed' });
    await told.look();
    const notices = await noticesIn(told.bench, 'second', 2);
    expect(notices.map(({ text }) => text).sort()).toEqual(['one', 'two']);
  });

  test('waits where there is no conversation yet', async () => {
    await using told = await openTold();
    await told.write({});
    await told.look();
    expect(await statesOf(told.bench)).toEqual(['waiting']);
    await talk(told.bench, 'first');
    told.time.now += 61_000;
    await told.look();
    expect(await noticesIn(told.bench, 'first', 1)).toHaveLength(1);
  });

  test('of a kind that was told a moment ago is gathered with the others, and what says the same is said once', async () => {
    await using told = await openTold();
    await talk(told.bench, 'first');
    await told.write({ text: 'A is done.', from: 'the job "a"' });
    await told.look();
    await told.write({ text: 'B is done.', from: 'the job "b"' });
    await told.write(
      { text: 'C is done.', from: 'the job "c"' },
      { text: 'C is done.', from: 'the job "c"' },
    );
    told.time.now += 9_000;
    await told.look();
    expect(await statesOf(told.bench)).toEqual(['told', 'waiting', 'waiting', 'waiting']);
    told.time.now += 1_000;
    await told.look();
    const [, second] = await noticesIn(told.bench, 'first', 2);
    expect(second?.text).toBe(
      '3 jobs are done:\n- the job "b": B is done.\n- the job "c": C is done. (2 times)',
    );
    expect(await statesOf(told.bench)).toEqual(['told', 'told', 'merged', 'merged']);
  });

  test('with a key that was written before is no other one', async () => {
    await using told = await openTold();
    await talk(told.bench, 'first');
    await told.write({ key: 'same' }, { key: 'same', text: 'again' });
    await told.look();
    expect(await noticesIn(told.bench, 'first', 1)).toMatchObject([{ text: 'All is tidy.' }]);
  });
});

describe('the policy', () => {
  test('holds what is not urgent through quiet hours that go over midnight, and drops nothing', async () => {
    await using told = await openTold({ quiet: { from: 22 * 60, to: 7 * 60 } });
    await talk(told.bench, 'first');
    told.time.now = NOON + 11 * HOUR_MS;
    await told.write({ text: 'done' }, { kind: 'job.asks', text: 'May I?' });
    await told.look();
    expect((await noticesIn(told.bench, 'first', 1)).map(({ text }) => text)).toEqual(['May I?']);
    told.time.now = NOON + 19 * HOUR_MS - 1;
    await told.look();
    expect(await statesOf(told.bench)).toEqual(['waiting', 'told']);
    told.time.now += 1;
    await told.look();
    expect(await noticesIn(told.bench, 'first', 2)).toHaveLength(2);
  });

  test('puts kinds off to the daily digest, mutes others, and sends some to another channel', async () => {
    await using told = await openTold({
      rules: [
        { kind: 'routine.ok', how: 'off' },
        { kind: 'job.*', channel: 'api', how: 'off' },
        { kind: 'job.*', how: 'digest' },
        { kind: '*', how: 'now', to: 'webhook' },
      ],
    });
    await talk(told.bench, 'elsewhere', 'webhook');
    await talk(told.bench, 'api-talk', 'api');
    await talk(told.bench, 'first');
    await told.write({ kind: 'routine.ok' }, { kind: 'job.failed', text: 'It broke.' }, { text: 'fine' });
    await told.write({ kind: 'routine.failed', text: 'no network' }, { conversationId: 'api-talk' });
    await told.look();
    expect(await noticesIn(told.bench, 'elsewhere', 1)).toMatchObject([{ text: 'no network' }]);
    expect(await statesOf(told.bench)).toEqual(['muted', 'waiting', 'waiting', 'told', 'muted']);
    told.time.now = NOON + 6 * HOUR_MS;
    await told.look();
    const [digest] = await noticesIn(told.bench, 'first', 1);
    expect(digest).toMatchObject({ from: 'the daily digest' });
    expect(digest?.text).toMatch(/^2 things:\n- .*It broke\.\n- .*fine$/s);
  });
});

describe('told once', () => {
  test('also where the process dies before or after the commit, or between it and the wake-up', async () => {
    await using told = await openTold();
    await talk(told.bench, 'first');
    await told.write({ text: 'one' });
    const { database } = told.bench.env;
    const dead = new Error('the process died');
    const before = { ...database, commit: () => Promise.reject(dead) };
    await expect(told.telling(before).look()).rejects.toBe(dead);
    expect(await statesOf(told.bench)).toEqual(['waiting']);
    const after = {
      ...database,
      commit: async (statements: readonly [Statement, ...Statement[]]) => {
        await database.commit(statements);
        throw dead;
      },
    };
    await expect(told.telling(after).look()).rejects.toBe(dead);
    expect(await statesOf(told.bench)).toEqual(['told']);
    // Nobody was woken: whoever starts next finds it.
    await told.bench.restart();
    await told.telling().look();
    await talk(told.bench, 'first');
    expect(await noticesIn(told.bench, 'first', 1)).toHaveLength(1);
  });

  test('by two processes on one database', async () => {
    await using told = await openTold();
    await talk(told.bench, 'first');
    await told.write(
      ...Array.from({ length: 20 }, (_, n) => ({ text: `job ${n}`, conversationId: 'first' })),
    );
    await Promise.all([told.telling().look(), told.telling().look(), told.telling().look()]);
    const notices = await noticesIn(told.bench, 'first', 1);
    await talk(told.bench, 'first');
    expect(await noticesIn(told.bench, 'first', 1)).toEqual(notices);
    expect(notices).toHaveLength(1);
    expect((await statesOf(told.bench)).filter((state) => state === 'told')).toHaveLength(1);
  });
});

const RUN = {
  id: 'r',
  routineId: 'x',
  trigger: 'manual',
  cause: 'by hand',
  dueAt: null,
  startedAt: '2026-11-22T12:00:00.000Z',
  completedAt: null,
  status: 'running',
  summary: null,
  tokensUsed: 0,
  jobId: null,
  conversationId: null,
  lateMs: null,
} as const;
