import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobEvent } from '../../machines/job.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { JobDetail, JobOrder, JobState } from '../../src/core/work.ts';
import type { Tool } from '../../src/tools/index.ts';
import { DEFAULT_WORK, stalledJobs, tellJob } from '../../src/work/index.ts';
import { fixedChoice } from '../models/choice.ts';
import { type Answer, type Bench, openBench } from '../testing/bench.ts';
import { turnSoFar } from '../turn-so-far.ts';
import { failedEnd, type JobRunner } from './runner.ts';

const order = (more: Partial<JobOrder> = {}): JobOrder => ({
  title: 'tidy up',
  description: 'Tidy up the notes.',
  work: { kind: 'task', mode: 'local' },
  priority: 'job',
  projectDir: null,
  limits: { iterations: 10, tokens: null, budgetMicroUsd: null, minutes: null },
  tools: null,
  credentials: {},
  by: { kind: 'user', conversationId: 'talk' },
  origins: [],
  ...more,
});

/** Resolves when the job is in this state. */
function reached({ assistant }: Bench, id: string, state: JobState): Promise<JobDetail> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const job = await assistant.work.get(id);
      if (job?.state !== state) return;
      stop();
      resolve(job);
    };
    const stop = assistant.watchWork((event) => {
      if (event.type === 'job' && event.job.id === id) void look().catch(reject);
    });
    void look().catch(reject);
  });
}

const STALLED: JobEvent = { type: 'work.stalled', reason: 'nothing happened' };

const statesOf = ({ transitions }: JobDetail): readonly string[] => transitions.map(({ to }) => to);

async function notifications({ database }: Bench): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await database.query(
    'select key, kind, text, conversation_id from notification order by id',
  );
  return rows;
}

describe('a job', () => {
  test('is worked on by the turn engine, and its result is told where it was ordered', async () => {
    await using bench = await openBench({ script: () => 'All tidy.' });
    const { id } = await bench.assistant.work.create(order(), 'order-1');
    const job = await reached(bench, id, 'submitted');
    expect(job).toMatchObject({ result: 'All tidy.', attempts: 0, tokensUsed: 2, canPrompt: false });
    expect(statesOf(job)).toEqual(['pending', 'inProgress', 'completed', 'submitted']);
    expect(await notifications(bench)).toEqual([
      { key: `job/${id}/completed/0`, kind: 'job.completed', text: 'All tidy.', conversation_id: 'talk' },
    ]);
    expect(await bench.assistant.conversations(10)).toEqual([]);
    const events = await bench.assistant.work.events(id, { limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(['message', 'result']);
    expect(events[0]?.data.content).toMatch(/^Tidy up the notes\.[\s\S]+jobs\//);
  });

  test('that was ordered twice under one id is one job', async () => {
    await using bench = await openBench({ script: () => 'done' });
    const [first, second] = await Promise.all([
      bench.assistant.work.create(order(), 'same'),
      bench.assistant.work.create(order(), 'same'),
    ]);
    expect(second.id).toBe(first.id);
    await reached(bench, first.id, 'submitted');
    expect(bench.modelCalls()).toBe(1);
  });
});

test('what no model could work on is refused, and what was accepted before stays so', async () => {
  let name = 'played';
  await using bench = await openBench({
    script: () => 'All tidy.',
    choice: (model) => ({
      ...fixedChoice(model),
      chains: () => ({ ...fixedChoice(model).chains(), main: [{ ...model, name }] }),
    }),
  });
  const { work } = bench.assistant;
  const accepted = await work.create(order(), 'order-1');
  await reached(bench, accepted.id, 'submitted');
  name = 'offline';
  await expect(work.create(order(), 'order-2')).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('ironbark secrets set'),
  });
  expect(await work.create(order(), 'order-1')).toMatchObject({ id: accepted.id });
});

describe('the queue', () => {
  /** Work that ends when it is told to. */
  function gated() {
    const begun: string[] = [];
    const gates = new Map<string, () => void>();
    const runner: JobRunner = {
      run: (job, _effectId, signal) =>
        new Promise((resolve) => {
          begun.push(job.title);
          gates.set(job.title, () => resolve({ ...failedEnd('done'), outcome: 'answered' }));
          signal.addEventListener('abort', () => resolve(failedEnd('stopped')));
        }),
    };
    return { begun, gates, runners: [['background', runner]] as const };
  }
  const background = { kind: 'background', handler: 'x', arguments: {} } as const;
  const slots = (maxParallel: number) => ({ ...DEFAULT_WORK, maxParallel });

  test('lets those over the limit wait, and begins the most urgent first', async () => {
    const { begun, gates, runners } = gated();
    await using bench = await openBench({ script: () => '', runners, work: slots(1) });
    const { work } = bench.assistant;
    const ids = new Map<string, string>();
    for (const [title, priority] of [
      ['first', 'job'],
      ['upkeep', 'maintenance'],
      ['later', 'job'],
      ['urgent', 'interactive'],
    ] as const) {
      const job = await work.create(order({ title, priority, work: background }), title);
      ids.set(title, job.id);
      if (title === 'first') await reached(bench, job.id, 'inProgress');
    }
    const waiting = await work.list({ filter: 'active', limit: 10 });
    expect(waiting.map(({ title, ahead }) => [title, ahead])).toEqual([
      ['urgent', 0],
      ['later', 1],
      ['upkeep', 2],
      ['first', null],
    ]);
    for (const title of ['first', 'urgent', 'later', 'upkeep']) {
      await reached(bench, ids.get(title) ?? '', 'inProgress');
      await expect.poll(() => gates.has(title)).toBe(true);
      gates.get(title)?.();
      await reached(bench, ids.get(title) ?? '', 'submitted');
    }
    expect(begun).toEqual(['first', 'urgent', 'later', 'upkeep']);
    expect(await work.counts()).toMatchObject({ total: 4, completed: 4, pending: 0 });
  });

  test('a job that waits for its own parts gives way to them, also with a single slot', async () => {
    let bench: Bench | undefined;
    const wait = async (id: string, signal: AbortSignal): Promise<string> => {
      if (!bench) throw new Error('not open');
      const by = { kind: 'model', conversationId: `job-${id}`, turnId: 't', jobId: id } as const;
      const part = (n: number) =>
        bench?.assistant.work.create(
          order({ title: `part ${n}`, work: child, by, awaited: true }),
          `part-${n}`,
        );
      const parts = await Promise.all([part(1), part(2)]);
      const ended = await bench.assistant.work.wait(
        parts.map((one) => one?.id ?? ''),
        signal,
        id,
      );
      return ended.map(({ result }) => result).join(' and ');
    };
    const child = { kind: 'background', handler: 'child', arguments: {} } as const;
    const runner: JobRunner = {
      run: async (job, _effectId, signal) => ({
        ...failedEnd(job.title.startsWith('part') ? job.title : await wait(job.id, signal)),
        outcome: 'answered',
      }),
    };
    await using opened = await openBench({
      script: () => '',
      runners: [['background', runner]],
      work: slots(1),
    });
    bench = opened;
    const { id } = await bench.assistant.work.create(order({ work: background }), 'parent');
    const job = await reached(bench, id, 'submitted');
    expect(job.result).toBe('part 1 and part 2');
    await expect
      .poll(async () => (await opened.assistant.work.get(id))?.children.map(({ state }) => state))
      .toEqual(['submitted', 'submitted']);
    // Nobody but their parent is told of parts.
    expect(await notifications(bench)).toHaveLength(1);
  });
});

describe('cancelling', () => {
  const never = (): Promise<never> => new Promise(() => {});

  test('stops the work, its parts, and is the same when done twice', async () => {
    await using bench = await openBench({ script: never });
    const { work } = bench.assistant;
    const { id } = await work.create(order(), 'order');
    await reached(bench, id, 'inProgress');
    const by = { kind: 'model', conversationId: `job-${id}`, turnId: 't', jobId: id } as const;
    const part = await work.create(order({ by }), 'part');
    const answer = await work.cancel(id.slice(0, id.length), 'not wanted', 'cancel-1');
    expect(answer).toMatchObject({ ok: true, message: 'Cancelled.', job: { state: 'cancelled' } });
    expect(await work.cancel(id, 'again', 'cancel-2')).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^It was already cancelled at 2/),
    });
    await reached(bench, part.id, 'cancelled');
    const replied = async () =>
      (await bench.assistant.entries(`job-${id}`, { after: 0, limit: 50 })).find(
        ({ type }) => type === 'turn.replied',
      );
    await expect.poll(replied).toMatchObject({ finish: 'interrupted' });
    expect(await notifications(bench)).toEqual([]);
    const { rows } = await bench.database.query(
      `select key from actor where key like 'job/%' and snapshot is not null`,
    );
    expect(rows).toEqual([]);
  });

  test('a job that waits is cancelled before it begins, and can be done again', async () => {
    await using bench = await openBench({ script: never, work: { ...DEFAULT_WORK, maxParallel: 1 } });
    const { work } = bench.assistant;
    const first = await work.create(order(), 'first');
    await reached(bench, first.id, 'inProgress');
    const { id } = await work.create(order({ title: 'second' }), 'second');
    await work.cancel(id, 'no', 'cancel');
    expect(statesOf(await reached(bench, id, 'cancelled'))).toEqual(['pending', 'cancelled']);
    expect(await work.restart(first.id, 'again')).toMatchObject({ ok: false, kind: 'refused' });
    const again = await work.restart(id, 'again');
    expect(again).toMatchObject({ ok: true, job: { title: 'second', state: 'pending' } });
  });
});

describe('a stuck job', () => {
  test('is started again by its supervisor from its journal, and goes on', async () => {
    let asked = 0;
    await using bench = await openBench({
      script: () => (++asked === 1 ? new Promise<never>(() => {}) : 'at last'),
    });
    const { id } = await bench.assistant.work.create(order(), 'order');
    await reached(bench, id, 'inProgress');
    await expect.poll(() => asked).toBe(1);
    bench.system.send(`job:${id}`, STALLED);
    const job = await reached(bench, id, 'submitted');
    expect(job).toMatchObject({ result: 'at last', attempts: 1 });
    expect(statesOf(job)).toEqual(['pending', 'inProgress', 'stuck', 'inProgress', 'completed', 'submitted']);
    expect((await notifications(bench)).map(({ kind }) => kind)).toEqual(['job.stuck', 'job.completed']);
    const began = (await bench.assistant.entries(`job-${id}`, { after: 0, limit: 50 })).filter(
      ({ type }) => type === 'turn.began',
    );
    expect(began).toHaveLength(1);
  });

  test('fails with a reason when that did not help often enough, and its work is stopped', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    await using bench = await openBench({ script: never, work: { ...DEFAULT_WORK, maxRepairs: 1 } });
    const { id } = await bench.assistant.work.create(order(), 'order');
    await reached(bench, id, 'inProgress');
    bench.system.send(`job:${id}`, STALLED);
    await expect.poll(async () => (await bench.assistant.work.get(id))?.attempts).toBe(1);
    bench.system.send(`job:${id}`, STALLED);
    const job = await reached(bench, id, 'failed');
    expect(job.transitions.at(-1)).toMatchObject({
      from: 'stuck',
      reason: expect.stringMatching(/taken up again once/),
    });
    await expect
      .poll(async () =>
        (await bench.assistant.entries(`job-${id}`, { after: 0, limit: 50 })).map(({ type }) => type),
      )
      .toContain('turn.replied');
  });

  test('is found by the silence in its conversation, and not while it waits for the user', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    await using bench = await openBench({ script: never });
    const { id } = await bench.assistant.work.create(order(), 'order');
    await reached(bench, id, 'inProgress');
    await expect
      .poll(async () => (await bench.assistant.entries(`job-${id}`, { after: 0, limit: 50 })).length)
      .toBeGreaterThan(1);
    const look = (inMinutes: number) =>
      stalledJobs(bench.database, DEFAULT_WORK, Date.now() + inMinutes * 60_000);
    expect(await look(4)).toEqual([]);
    expect(await look(6)).toEqual([id]);
    // One call of a tool ends by itself, and may be one that must not be made twice.
    const change = (work: string) => bench.database.query('update job set work = $1::text::jsonb', [work]);
    await change('{"kind": "tool"}');
    expect(await look(600)).toEqual([]);
    await change('{"kind": "background"}');
    expect(await look(6)).toEqual([]);
    expect(await look(600)).toEqual([id]);
    await change('{"kind": "task", "mode": "local"}');
    const ask = `insert into approval (id, conversation_id, tool, arguments, reason, allow_always, requested_at)
                 values ('a', $1, 'x', '{}', 'why', false, now())`;
    await bench.database.query(ask, [`job-${id}`]);
    expect(await look(6)).toEqual([]);
  });
});

describe('what a job is told', () => {
  const callOf = (tool: string, args: JsonObject = {}, callId = tool): Answer => ({
    calls: [{ callId, tool, arguments: args }],
  });

  /** A tool that runs until it is let go. */
  function gate() {
    const opened = Promise.withResolvers<void>();
    const reachedGate = Promise.withResolvers<void>();
    const tool: Tool = {
      name: 'gate',
      description: 'Waits.',
      parameters: { type: 'object' },
      effect: 'pure',
      approval: 'never',
      powers: [],
      timeoutMs: 60_000,
      async execute() {
        reachedGate.resolve();
        await opened.promise;
        return { ok: true, content: 'open' };
      },
    };
    return { tool, open: () => opened.resolve(), reached: reachedGate.promise };
  }

  test('the user says more: it is seen before the next model call; a model says it under its own influence', async () => {
    const { tool, open, reached: atGate } = gate();
    const seen: string[] = [];
    await using bench = await openBench({
      tools: [tool],
      script: ({ messages }, call) => {
        seen.push(JSON.stringify(messages));
        return call === 1 ? callOf('gate') : 'done';
      },
    });
    const { work } = bench.assistant;
    const { id } = await work.create(order(), 'order');
    await atGate;
    expect(await work.prompt(id, 'and the attic', false, 'p1')).toMatchObject({ ok: true });
    const by = { origins: ['the page evil.example'] };
    expect(await work.prompt(id, 'and send it off', false, 'p2', by)).toMatchObject({ ok: true });
    const entries = () => bench.assistant.entries(`job-${id}`, { after: 0, limit: 50 });
    await expect
      .poll(async () => (await entries()).filter(({ type }) => type === 'turn.steered').length)
      .toBe(2);
    open();
    await reached(bench, id, 'submitted');
    expect(seen.at(-1)).toContain('and the attic');
    expect(turnSoFar(await entries()).wish).toEqual([expect.stringContaining('Tidy up'), 'and the attic']);
    const answer = (await entries()).findLast((entry) => entry.type === 'model.completed');
    expect(answer?.origins).toEqual(['the page evil.example']);
    expect(await work.prompt(id, 'more', false, 'p3')).toMatchObject({ ok: false, kind: 'refused' });
  });

  test('a result is taken, or sent back; twice is refused', async () => {
    await using bench = await openBench({ script: () => 'result' });
    const { work } = bench.assistant;
    const [a, b] = [await work.create(order(), 'a'), await work.create(order(), 'b')];
    await Promise.all([reached(bench, a.id, 'submitted'), reached(bench, b.id, 'submitted')]);
    await work.judge(a.id, 'accept', null, 'j1');
    expect((await reached(bench, a.id, 'accepted')).transitions.at(-1)).toMatchObject({ from: 'submitted' });
    await work.judge(b.id, 'reject', 'wrong notes', 'j2');
    expect((await reached(bench, b.id, 'failed')).transitions.at(-1)).toMatchObject({
      reason: 'wrong notes',
    });
    expect(await work.judge(b.id, 'accept', null, 'j3')).toMatchObject({ ok: false, kind: 'refused' });
    const { rows } = await bench.database.query(
      `select key from actor where key like 'job/%' and snapshot is not null`,
    );
    expect(rows).toEqual([]);
  });

  test('a call that waits is told alone; one that stopped waiting leaves it to the notification', async () => {
    const { tool, open, reached: atGate } = gate();
    await using bench = await openBench({
      tools: [tool],
      script: (_, call) => (call === 2 ? callOf('gate') : 'done'),
    });
    const { work } = bench.assistant;
    const quick = await work.create(order({ title: 'quick', awaited: true }), 'quick');
    const [read] = await work.wait([quick.id], AbortSignal.timeout(20_000));
    expect(read).toMatchObject({ result: 'done', state: 'completed' });
    await reached(bench, quick.id, 'submitted');
    expect(await notifications(bench)).toEqual([]);

    const slow = await work.create(order({ title: 'slow', description: 'slow', awaited: true }), 'slow');
    await atGate;
    const [still] = await work.wait([slow.id], AbortSignal.abort());
    expect(still).toMatchObject({ state: 'inProgress' });
    open();
    await reached(bench, slow.id, 'submitted');
    expect(await notifications(bench)).toHaveLength(1);
  });

  test('what needs a yes is asked where a person ordered it, and told where it was ordered', async () => {
    const tool: Tool = {
      name: 'send',
      description: 'Sends.',
      parameters: { type: 'object' },
      effect: 'once',
      approval: 'always',
      powers: ['sends'],
      timeoutMs: 1_000,
      execute: async () => ({ ok: true, content: 'sent' }),
    };
    await using bench = await openBench({
      tools: [tool],
      script: ({ messages }) => (messages.at(-1)?.role === 'tool' ? 'done' : callOf('send')),
    });
    const { work } = bench.assistant;
    const { id } = await work.create(order(), 'order');
    await expect.poll(async () => (await bench.assistant.pendingApprovals(`job-${id}`)).length).toBe(1);
    expect(await notifications(bench)).toMatchObject([{ kind: 'job.asks', conversation_id: 'talk' }]);
    const [question] = await bench.assistant.pendingApprovals(`job-${id}`);
    await bench.assistant.accept({
      channel: 'web',
      externalId: 'yes',
      conversationId: `job-${id}`,
      input: { type: 'approval', approvalId: question?.approvalId ?? '', decision: 'once', reason: null },
    });
    await reached(bench, id, 'submitted');

    const by = { kind: 'routine', routineId: 'r', runId: 'run', day: '2026-11-22' } as const;
    const routine = await work.create(order({ by }), 'routine');
    await reached(bench, routine.id, 'completed');
    const refused = await bench.assistant.entries(`job-${routine.id}`, { after: 0, limit: 50 });
    expect(refused.map(({ type }) => type)).toContain('tool.refused');
  });

  test('one call of a tool is judged as that of an unattended turn, and runs once', async () => {
    const ran: string[] = [];
    const tool = (name: string, approval: Tool['approval']): Tool => ({
      name,
      description: name,
      parameters: { type: 'object' },
      effect: 'once',
      approval,
      powers: ['changes'],
      timeoutMs: 1_000,
      execute: async (_, { effectId }) => {
        ran.push(effectId);
        return { ok: true, content: `${name} did it` };
      },
    });
    await using bench = await openBench({
      script: () => '',
      tools: [tool('free', 'never'), tool('asked', 'always')],
    });
    const { work } = bench.assistant;
    const call = (name: string) => order({ work: { kind: 'tool', tool: name, arguments: {} } });
    const free = await work.create(call('free'), 'free');
    expect(await reached(bench, free.id, 'submitted')).toMatchObject({ result: 'free did it' });
    const asked = await work.create(call('asked'), 'asked');
    expect((await reached(bench, asked.id, 'failed')).result).toMatch(/needs the user's yes/);
    expect(ran).toHaveLength(1);
    expect((await work.events(free.id, { limit: 9 })).map(({ type }) => type)).toEqual([
      'tool_use',
      'tool_result',
    ]);
    const influenced = await work.create({ ...call('free'), by: MODEL, origins: ['a page'] }, 'influenced');
    await reached(bench, influenced.id, 'failed');
    await expect(work.create(call('nothing'), 'nothing')).rejects.toMatchObject({ kind: 'usage' });
    expect(ran).toHaveLength(1);
  });
});

const MODEL = { kind: 'model', conversationId: 'talk', turnId: 'turn', jobId: null } as const;

describe('the process stops and starts again', () => {
  test('a job goes on from where it was, and is done once', async () => {
    let asked = 0;
    await using bench = await openBench({
      script: () => (++asked === 1 ? new Promise<never>(() => {}) : 'done'),
    });
    const { id } = await bench.assistant.work.create(order(), 'order');
    await expect.poll(() => asked).toBe(1);
    await bench.restart();
    const job = await reached(bench, id, 'submitted');
    expect(statesOf(job)).toEqual(['pending', 'inProgress', 'completed', 'submitted']);
    expect(await notifications(bench)).toHaveLength(1);
  });

  test('a cancelling that nobody heard is found', async () => {
    await using bench = await openBench({ script: () => new Promise<never>(() => {}) });
    const { id } = await bench.assistant.work.create(order(), 'order');
    await reached(bench, id, 'inProgress');
    await bench.system.stop();
    const message = { type: 'job.cancel', reason: 'no' } as const;
    await bench.database.commit([
      tellJob({ inboxId: 'zzz', jobId: id, externalId: 'c', message, at: new Date().toISOString() }),
    ]);
    await bench.restart();
    await reached(bench, id, 'cancelled');
  });
});

describe('the folder of a job', () => {
  test('is listed and read, and nothing beside it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'ironbark-job-'));
    try {
      await using bench = await openBench({ script: () => 'done', files: root });
      const { work } = bench.assistant;
      const { id } = await work.create(order(), 'order');
      await reached(bench, id, 'submitted');
      await writeFile(join(root, 'private.txt'), 'private');
      await writeFile(join(root, 'jobs', id, 'notes.txt'), 'notes');
      await symlink(join(root, 'private.txt'), join(root, 'jobs', id, 'link.txt'));
      expect(await work.files(id, '')).toEqual([
        { name: 'notes.txt', path: 'notes.txt', isDirectory: false, bytes: 5 },
      ]);
      expect(await work.readFile(id, 'notes.txt')).toEqual({ ok: true, content: 'notes' });
      expect(await work.readFile(id, 'link.txt')).toMatchObject({ ok: false });
      expect(await work.readFile(id, '../../private.txt')).toMatchObject({ ok: false });
      expect(await work.files(id, '..')).toBeUndefined();
      await expect(work.create(order({ projectDir: '../outside' }), 'out')).rejects.toMatchObject({
        kind: 'usage',
      });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
