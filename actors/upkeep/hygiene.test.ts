import { describe, expect, test } from 'vitest';
import type { MemorySource } from '../../src/core/memory.ts';
import type { HygieneSettings } from '../../src/hygiene/index.ts';
import { readSteps, undoStep } from '../../src/memory/consolidate/steps.ts';
import { notificationStatement } from '../../src/notifications/index.ts';
import { type Bench, openBench } from '../testing/bench.ts';
import { clean, cleanWhereDue, foreseenCleaning } from './clean.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY_MS = 86_400_000;
const USUAL: HygieneSettings = {
  enabled: true,
  dailyLogDays: 30,
  conversationDays: 7,
  workDays: 30,
  recordDays: 90,
};

/** A database to be cleaned, whose time is turned by hand. */
async function openCleaning(settings: Partial<HygieneSettings> = {}) {
  const bench = await openBench({ script: () => 'hello' });
  const time = { now: NOW };
  const env = {
    ...bench.env,
    clock: { now: () => time.now },
    settings: { ...bench.env.settings, hygiene: { ...USUAL, ...settings } },
  };
  return {
    bench,
    env,
    time,
    clean: () => clean(env, new AbortController().signal),
    count: (sql: string) => count(bench, sql),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

async function count({ database }: Bench, from: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`select count(*)::integer as count from ${from}`);
  return rows[0]?.count ?? 0;
}

async function learn(
  { database, memory }: Bench,
  path: string,
  daysAgo: number,
  by: MemorySource['by'] = 'assistant',
): Promise<void> {
  await database.commit(memory.writeStatements(path, `about ${path}`, { append: false, source: { by } }));
  const at = new Date(NOW - daysAgo * DAY_MS);
  await database.query('update memory_document set updated_at = $2 where path = $1', [path, at]);
}

const paths = async ({ database }: Bench): Promise<readonly string[]> =>
  (await database.query<{ path: string }>('select path from memory_document order by path')).rows.map(
    ({ path }) => path,
  );

describe('documents of memory', () => {
  test('go where they are daily logs or conversations and old, and nobody wrote them by hand', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    await learn(bench, 'daily/2026-10-01.md', 31);
    await learn(bench, 'daily/2026-11-01.md', 29);
    await learn(bench, 'daily/mine.md', 400, 'user');
    await learn(bench, 'daily/brought.md', 400, 'import');
    await learn(bench, 'conversations/a.md', 8);
    await learn(bench, 'conversations/b.md', 6);
    await learn(bench, 'dailyish/x.md', 400);
    await learn(bench, 'notes/x.md', 400);
    for (const name of ['HEARTBEAT.md', 'SOUL.md', 'MEMORY.md']) await learn(bench, name, 400);
    expect(await foreseenCleaning(opened.env)).toMatchObject({ 'documents of memory': 2 });
    expect(await opened.clean()).toMatchObject({ 'documents of memory': 2 });
    const left = await paths(bench);
    expect(left).not.toContain('daily/2026-10-01.md');
    expect(left).not.toContain('conversations/a.md');
    expect(left).toHaveLength(9);
  });

  test('follow the rule of their folder where there is one', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    const rule = (folder: string, content: string) =>
      bench.database.commit(
        bench.memory.writeStatements(`${folder}/.config`, content, { append: false, source: { by: 'user' } }),
      );
    await rule('daily', '{"hygiene": {"retention_days": 365}}');
    await rule('conversations', '{"hygiene": {"enabled": false}}');
    await learn(bench, 'daily/2026-10-01.md', 60);
    await learn(bench, 'conversations/a.md', 60);
    expect(await opened.clean()).toEqual({});
    expect(await paths(bench)).toContain('daily/2026-10-01.md');
  });

  test('can be brought back, with their versions, and then stay', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    await learn(bench, 'daily/2026-10-01.md', 31);
    const [before] = (await bench.database.query('select * from memory_document')).rows;
    await opened.clean();
    expect(await paths(bench)).toEqual([]);
    const [step] = await readSteps(bench.database, 10);
    expect(step).toMatchObject({ action: 'expire', paths: ['daily/2026-10-01.md'] });
    expect(await undoStep(bench.database, step?.id ?? '', NOW)).toMatchObject({ ok: true });
    const [after] = (await bench.database.query('select * from memory_document')).rows;
    expect(after).toMatchObject({ content: before?.content, updated_at: before?.updated_at });
    expect(await opened.clean()).toEqual({});
    expect(await paths(bench)).toEqual(['daily/2026-10-01.md']);
  });

  test('leave no notes on who wrote them, as soon as they cannot be brought back, nor versions that nobody keeps', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    for (let version = 0; version < 4; version += 1) {
      await bench.database.commit(
        bench.memory.writeStatements('notes/a.md', `text ${version}`, {
          append: false,
          source: { by: 'assistant' },
        }),
      );
    }
    await bench.database.query(
      `insert into memory_rule values ('notes', '{"hygiene": {"version_keep_count": 2}}')`,
    );
    await learn(bench, 'gone.md', 0);
    await bench.database.query(`delete from memory_document where path = 'gone.md'`);
    expect(await opened.count(`memory_passage where path = 'gone.md'`)).toBe(1);
    opened.time.now = Date.now() + 2 * DAY_MS;
    await opened.clean();
    expect(await opened.count(`memory_passage where path = 'gone.md'`)).toBe(0);
    expect(await opened.count(`memory_version where path = 'notes/a.md'`)).toBe(2);
  });
});

describe('what was worked', () => {
  /** A conversation of a job or of a person in which something was said so many days ago. */
  async function said(bench: Bench, id: string, channel: string, daysAgo: number): Promise<void> {
    const at = new Date(NOW - daysAgo * DAY_MS);
    const { database } = bench;
    await database.query('insert into conversation (id, channel, created_at) values ($1, $2, $3)', [
      id,
      channel,
      at,
    ]);
    await database.query(
      `insert into actor (key, shard, kind, seq, updated_at) values ('session/' || $1, 0, 'session', 450, $2)`,
      [id, at],
    );
    await database.query(
      `insert into journal select 'session/' || $1, n, $2, 'turn.nudged', '{"turnId": "t"}' from generate_series(1, 450) n`,
      [id, at],
    );
    await database.query(
      `insert into inbox (id, channel, external_id, shard, actor_key, payload, accepted_at, done_at)
       values ($1, 'x', $1, 0, 'session/' || $1, '{}', $2, $2)`,
      [id, at],
    );
  }

  test('goes with its conversation after thirty days, and what people said never goes', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    await said(bench, 'job-old', 'job', 31);
    await said(bench, 'run-old', 'routine', 31);
    await said(bench, 'job-new', 'job', 29);
    await said(bench, 'talk', 'web', 500);
    expect(await foreseenCleaning(opened.env)).toMatchObject({ 'conversations of jobs and runs': 2 });
    expect(await opened.clean()).toMatchObject({ 'conversations of jobs and runs': 2 });
    const { rows } = await bench.database.query('select distinct actor_key from journal order by 1');
    expect(rows.map(({ actor_key }) => actor_key)).toEqual(['session/job-new', 'session/talk']);
    expect(await opened.count('conversation')).toBe(2);
  });

  test('a job goes with its events and its journal, after the jobs that it ordered', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    const job = (id: string, parent: string | null, state: string, daysAgo: number) =>
      bench.database.query(
        `insert into job (id, external_id, user_id, parent_id, depth, title, description, work, priority, rank,
                          project_dir, limits, tools, credentials, ordered_by, origins, may_ask, awaited, state,
                          created_at, completed_at)
         values ($1, $1, 'owner', $2, 0, 't', 'd', '{}', 'job', 1, 'x', '{}', '[]', '{}', '{}', '[]', false, false, $3, $4, $4)`,
        [id, parent, state, new Date(NOW - daysAgo * DAY_MS)],
      );
    await job('old', null, 'submitted', 40);
    await job('child', 'old', 'failed', 40);
    await job('held', null, 'accepted', 40);
    await job('open', 'held', 'pending', 40);
    await job('new', null, 'accepted', 20);
    await bench.database.query(
      `insert into job_event select 'child', n, 'k' || n, $1, 'status', '{}' from generate_series(1, 250) n`,
      [new Date(NOW - 40 * DAY_MS)],
    );
    await bench.database.query(
      `insert into journal select 'job/child', n, $1, 'job.moved', '{}' from generate_series(1, 4) n`,
      [new Date(NOW - 40 * DAY_MS)],
    );
    // What held the parent is gone only when it was its turn already.
    await opened.clean();
    await opened.clean();
    const { rows } = await bench.database.query<{ id: string }>('select id from job order by id');
    expect(rows.map(({ id }) => id)).toEqual(['held', 'new', 'open']);
    expect(await opened.count('job_event')).toBe(0);
    expect(await opened.count('journal')).toBe(0);
  });

  test('stays where it has not ended, or something is still to be done', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    await said(bench, 'job-open', 'job', 80);
    await said(bench, 'run-open', 'routine', 80);
    await bench.database.query(`update inbox set done_at = null where id = 'job-open'`);
    await bench.database.query(`update actor set snapshot = '{}' where key = 'session/run-open'`);
    expect(await opened.clean()).toEqual({});
    expect(await opened.count('conversation')).toBe(2);
  });
});

describe('what was done and told', () => {
  test('is forgotten after ninety days, so that a repeat is recognised until then', async () => {
    await using opened = await openCleaning();
    const { bench } = opened;
    await bench.say('hello');
    await bench.waitFor('turn.replied');
    await bench.database.query('update inbox set done_at = $1, accepted_at = $1', [
      new Date(NOW - 89 * DAY_MS),
    ]);
    await bench.database.commit([
      notificationStatement(
        { kind: 'job.completed', key: 'k', from: 'x', text: 'y', conversationId: null, origins: [] },
        NOW - 400 * DAY_MS,
      ),
    ]);
    expect(await opened.clean()).toEqual({});
    expect(await bench.assistant.accept(repeat)).toMatchObject({ duplicate: true });
    opened.time.now += 2 * DAY_MS;
    expect(await opened.clean()).toMatchObject({ 'inputs that were dealt with': 1 });
    // One that waits is open work, however old.
    expect(await opened.count('notification')).toBe(1);
  });

  const repeat = {
    channel: 'web',
    externalId: 'external-1',
    conversationId: 'talk',
    input: { type: 'message', text: 'hello', mode: 'queue' },
  } as const;

  test('goes in commits of 200 rows at most, and a stop in between loses nothing', async () => {
    await using opened = await openCleaning();
    const { database } = opened.bench;
    await database.query(
      `insert into heartbeat_beat (due_at, state, ended_at)
       select $1::timestamptz + n * interval '1 minute', 'silent', $1::timestamptz from generate_series(1, 450) n`,
      [new Date(NOW - 60 * DAY_MS)],
    );
    const removed: number[] = [];
    let commits = 0;
    const watched = {
      ...opened.bench.env.database,
      commit: async (statements: Parameters<typeof database.commit>[0]) => {
        const result = await database.commit(statements);
        if (statements[0].sql.includes('delete from heartbeat_beat')) {
          removed.push(result.results[0]?.rowCount ?? 0);
          commits += 1;
        }
        return result;
      },
    };
    const env = { ...opened.env, database: watched };
    const signal = new AbortController().signal;
    expect(await clean(env, signal, async () => commits < 1)).toBeUndefined();
    expect(removed).toEqual([200]);
    expect(await opened.clean()).toEqual({ 'beats of the heart': 250 });
  });
});

test('it is done every twelve hours, by one of two processes, and not while somebody talks', async () => {
  await using opened = await openCleaning();
  const { bench, env, time } = opened;
  await learn(bench, 'daily/2026-10-01.md', 31);
  const once = () => cleanWhereDue(env, new AbortController().signal);
  await bench.database.query(
    `insert into actor (key, shard, kind, updated_at) values ('session/x', 0, 'session', $1)`,
    [new Date(NOW)],
  );
  await once();
  expect(await paths(bench)).toHaveLength(1);
  time.now += 3 * 60_000;
  await Promise.all([once(), once()]);
  expect(await paths(bench)).toHaveLength(0);
  await learn(bench, 'daily/2026-10-02.md', 31);
  time.now += 11 * 3_600_000;
  await once();
  expect(await paths(bench)).toHaveLength(1);
  time.now += 3_600_000;
  await once();
  expect(await paths(bench)).toHaveLength(0);
});
