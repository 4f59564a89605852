import { afterEach, describe, expect, test, vi } from 'vitest';
import { SimulatedClock } from 'xstate';
import type { RoutineDraft, RoutineRun } from '../../src/core/routines.ts';
import { fixedChoice } from '../models/choice.ts';

import { type Bench, openBench, type Script, until } from '../testing/bench.ts';

const START = Date.parse('2026-11-22T08:59:00Z');

// Each test opens a database, which takes long where much else goes on.
vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
afterEach(async () => bench[Symbol.asyncDispose]());

/** A whole assistant whose time goes on only when it is told to. */
async function open(script: Script): Promise<SimulatedClock> {
  const clock = new SimulatedClock();
  clock.set(START);
  bench = await openBench({ script, clock, time: clock });
  return clock;
}

const lightweight = {
  kind: 'lightweight',
  prompt: 'Look for new mail.',
  contextPaths: [],
  maxTokens: 4_096,
  useTools: false,
  maxToolRounds: 3,
} as const;

const draft = (more: Partial<RoutineDraft> = {}): RoutineDraft => ({
  name: 'greet',
  description: '',
  trigger: { kind: 'cron', schedule: '0 9 * * *', timezone: 'UTC' },
  action: lightweight,
  conversationId: null,
  by: 'user',
  origins: [],
  ...more,
});

const runs = (name = 'greet'): Promise<readonly RoutineRun[]> => bench.env.routines.runs(name, 50);

/** Lets everything go on until a run of the routine is as it should be. */
async function ended(count = 1, name = 'greet'): Promise<readonly RoutineRun[]> {
  for (;;) {
    const found = await runs(name);
    if (found.filter(({ completedAt }) => completedAt !== null).length >= count) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const stateOf = (name: string): unknown => bench.system.whereis(`routine:${name}`)?.getSnapshot().value;

async function asleep(): Promise<void> {
  await until(() => bench.system.whereis('routine-engine')?.getSnapshot().value === 'sleeping');
}

async function make(more: Partial<RoutineDraft> = {}): Promise<string> {
  const made = await bench.env.routines.create(draft(more), `made-${more.name ?? 'greet'}`);
  if (!made.ok) throw new Error(made.message);
  await until(() => stateOf(made.routine.id) !== undefined);
  await asleep();
  return made.routine.id;
}

test('why a routine ran is told by the clocks of its own zone', async () => {
  const clock = await open(() => 'ROUTINE_OK');
  await make({ trigger: { kind: 'cron', schedule: '30 0 10 * * *', timezone: 'europe/berlin' } });
  clock.increment(90_000);
  const [run] = await ended();
  expect(run?.cause).toBe('due 2026-11-22 10:00:30 Europe/Berlin');
});

test('without a model a run fails, and says what to do; what rules would answer is no news', async () => {
  bench = await openBench({
    script: () => 'I did not understand that.',
    choice: (model) => ({
      ...fixedChoice(model),
      chains: () => ({ ...fixedChoice(model).chains(), main: [{ ...model, name: 'offline' }] }),
    }),
  });
  await bench.env.routines.create(draft(), 'made-greet');
  await bench.env.routines.fire('greet', 'by hand');
  const [run] = await ended();
  expect(run).toMatchObject({ status: 'failed', tokensUsed: 0 });
  expect(run?.summary).toContain('ironbark secrets set');
  expect(await bench.env.routines.get('greet')).toMatchObject({ status: 'failing' });
});

test('a routine begins when its time has come, and tells what matters', async () => {
  const clock = await open(() => 'Two mails need an answer.');
  const id = await make();
  expect(stateOf(id)).toBe('armed');
  clock.increment(60_000);
  const [run] = await ended();
  expect(run).toMatchObject({ status: 'attention', summary: 'Two mails need an answer.', lateMs: 0 });
  expect(run?.cause).toBe('due 2026-11-22 09:00 UTC');
  expect(await bench.env.routines.dueTimes('greet', 5)).toMatchObject([
    { dueAt: '2026-11-22T09:00:00.000Z', state: 'fired', runId: run?.id },
  ]);
  const { rows } = await bench.database.query('select kind, text from notification');
  expect(rows).toEqual([{ kind: 'routine.attention', text: 'Two mails need an answer.' }]);
  await until(() => stateOf(id) === 'armed');
  expect(await bench.env.routines.get('greet')).toMatchObject({ runCount: 1, verification: 'verified' });
});

describe('a run', () => {
  test('that says that all is well disturbs nobody', async () => {
    const clock = await open(() => 'ROUTINE_OK');
    await make();
    clock.increment(60_000);
    expect(await ended()).toMatchObject([{ status: 'ok', summary: '', tokensUsed: 2 }]);
    expect((await bench.database.query('select from notification')).rowCount).toBe(0);
  });

  test("is told its own words as the user's, and its notes and what started it beside them", async () => {
    const seen: string[] = [];
    await open(({ system, messages }) => {
      seen.push(JSON.stringify([system, messages]));
      return 'ROUTINE_OK';
    });
    await bench.database.commit([
      { sql: 'select 1' },
      ...bench.memory.writeStatements('routines/greet/state.md', 'Last seen: mail 17.', { append: false }),
    ]);
    await make({ trigger: { kind: 'webhook', path: 'mail', secret: 'mail', proof: 'secret' } });
    const call = { body: 'Mail 18 came.', origins: ['the webhook mail'] };
    await bench.env.routines.webhook('greet', call, 'call-1');
    await ended();
    expect(seen[0]).toContain('Last seen: mail 17.');
    expect(seen[0]).toContain('Mail 18 came.');
    expect(seen[0]).toContain('ROUTINE_OK');
    const { rows } = await bench.database.query<{ payload: { input?: unknown; text: string } }>(
      "select payload from inbox where channel = 'routine'",
    );
    expect(rows[0]?.payload.text).toBe('Look for new mail.');
  });

  test('goes on where its routine crashes, and asks the model once', async () => {
    let answer = (_: string): void => {};
    const clock = await open(() => new Promise((resolve) => (answer = resolve)));
    const id = await make();
    clock.increment(60_000);
    await until(() => bench.modelCalls() === 1);
    bench.system.crash(`root/time/routines/each/${id}`);
    await until(() => stateOf(id) === 'running');
    answer('Done.');
    expect(await ended()).toMatchObject([{ status: 'attention', summary: 'Done.' }]);
    expect(bench.modelCalls()).toBe(1);
  });

  test('goes on after the process was replaced, and is not begun a second time', async () => {
    let answer = (_: string): void => {};
    const clock = await open(() => new Promise((resolve) => (answer = resolve)));
    await make();
    clock.increment(60_000);
    await until(() => bench.modelCalls() === 1);
    await bench.restart();
    await until(() => bench.modelCalls() === 2);
    answer('Done.');
    expect(await ended()).toHaveLength(1);
    expect((await bench.database.query("select from inbox where channel = 'routine'")).rowCount).toBe(1);
  });

  test('that fails again and again switches its routine off, and the user is told', async () => {
    const clock = await open(() => ({ failure: { kind: 'unauthorized', message: 'No key.' } }));
    const id = await make({
      trigger: { kind: 'cron', schedule: '* * * * *', timezone: 'UTC' },
      action: { ...lightweight, useTools: true },
      guardrails: { disableAfter: 2 },
    });
    clock.increment(60_000);
    await ended(1);
    await until(() => stateOf(id) === 'armed');
    await asleep();
    clock.increment(60_000);
    await ended(2);
    await until(() => stateOf(id) === 'disabled');
    const routine = await bench.env.routines.get('greet');
    expect(routine).toMatchObject({ enabled: false, status: 'disabled', nextTimes: [] });
    expect(routine?.disabledReason).toContain('failed 2 times in a row');
    const { rows } = await bench.database.query('select kind from notification order by id');
    expect(rows).toEqual([
      { kind: 'routine.failed' },
      { kind: 'routine.failed' },
      { kind: 'routine.disabled' },
    ]);
  });

  test('whose routine is removed is stopped', async () => {
    const clock = await open(() => new Promise(() => {}));
    const id = await make();
    clock.increment(60_000);
    await until(() => bench.modelCalls() === 1);
    expect(await bench.env.routines.remove('greet')).toBe(true);
    await until(() => stateOf(id) === undefined);
    const conversation = (
      await bench.database.query<{ id: string }>("select id from conversation where id like 'run-%'")
    ).rows[0]?.id;
    for (;;) {
      const entries = await bench.assistant.entries(conversation ?? '', { after: 0, limit: 50 });
      if (entries.some((entry) => entry.type === 'turn.replied' && entry.finish === 'interrupted')) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe('what passed while nothing ran', () => {
  const stopped = async (catchUp: 'skip' | 'once' | 'all') => {
    const clock = await open(() => 'ROUTINE_OK');
    await make({
      trigger: { kind: 'cron', schedule: '0 * * * *', timezone: 'UTC' },
      guardrails: { catchUp },
    });
    clock.set(Date.parse('2026-11-22T12:30:00Z'));
    await bench.restart();
    return bench;
  };
  const ledger = async (): Promise<readonly string[]> => {
    const due = await bench.env.routines.dueTimes('greet', 10);
    return due.map(({ dueAt, state }) => `${dueAt.slice(11, 16)} ${state}`);
  };

  test('is made up for once', async () => {
    await stopped('once');
    await ended();
    expect(await ledger()).toEqual(['12:00 fired', '11:00 coalesced', '10:00 coalesced', '09:00 coalesced']);
  });

  test('is made up for one after another', async () => {
    await stopped('all');
    await ended(4);
    expect(await ledger()).toEqual(['12:00 fired', '11:00 fired', '10:00 fired', '09:00 fired']);
  });

  test('is missed, and told', async () => {
    await stopped('skip');
    await asleep();
    expect(await ledger()).toEqual(['12:00 missed', '11:00 missed', '10:00 missed', '09:00 missed']);
    const { rows } = await bench.database.query('select kind, text from notification');
    expect(rows).toEqual([
      {
        kind: 'routine.missed',
        text: 'It missed 4 times until 2026-11-22T12:00:00.000Z, because nothing ran then.',
      },
    ]);
  });
});

describe('what happens', () => {
  test('in a conversation starts what waits for such words, once for each message', async () => {
    await open(() => 'ROUTINE_OK');
    await make({
      trigger: { kind: 'event', pattern: '(?i)\\binvoice\\b', channel: 'web' },
      guardrails: { cooldownSeconds: 0 },
    });
    await bench.input({ type: 'message', text: 'An INVOICE came.', mode: 'queue' }, 'm1');
    await bench.input({ type: 'message', text: 'An INVOICE came.', mode: 'queue' }, 'm1');
    await bench.input({ type: 'message', text: 'Nothing else.', mode: 'queue' }, 'm2');
    await bench.input(
      { type: 'message', text: 'The invoice of a stranger.', mode: 'queue', origin: 'a' },
      'm3',
    );
    await ended();
    await bench.restart();
    await asleep();
    expect(await runs()).toMatchObject([{ trigger: 'event', cause: 'message "An INVOICE came."' }]);
  });

  test('to other routines starts what waits for it, but never in a circle', async () => {
    await open(() => 'Something.');
    const waitsFor = (eventType: string) => ({
      trigger: { kind: 'system_event', source: 'ironbark', eventType, filters: {} } as const,
      guardrails: { cooldownSeconds: 0 },
    });
    await make({ name: 'a', ...waitsFor('routine.completed') });
    await make({ name: 'b', ...waitsFor('routine.completed') });
    await bench.env.routines.fire('a', 'fire-1');
    await ended(2, 'a');
    await ended(2, 'b');
    await asleep();
    const words = async (name: string) =>
      (await runs(name)).map(({ status, summary }) => `${status}: ${summary}`);
    expect((await words('b')).sort()).toEqual([
      'attention: Something.',
      'cancelled: Not started: "b" led to this event itself, and would start for ever.',
    ]);
    expect((await words('a')).filter((line) => line.startsWith('attention'))).toHaveLength(1);
  });

  test('outside starts what listens to it, where every filter fits', async () => {
    await open(() => 'ROUTINE_OK');
    await make({
      trigger: { kind: 'system_event', source: 'ci', eventType: 'Build', filters: { branch: 'main' } },
    });
    const event = { source: 'CI', eventType: 'build', origins: [], causedBy: [] };
    expect(await bench.env.routines.emit({ ...event, payload: { branch: 'dev' } }, 'e1')).toBe(0);
    expect(await bench.env.routines.emit({ ...event, payload: { branch: 'Main' } }, 'e2')).toBe(1);
    expect(await bench.env.routines.emit({ ...event, payload: { branch: 'Main' } }, 'e2')).toBe(1);
    expect(await ended()).toHaveLength(1);
  });
});

describe('a person', () => {
  test('starts a routine whenever they want, the same wish once, and is told where it runs already', async () => {
    let answer = (_: string): void => {};
    await open(() => new Promise((resolve) => (answer = resolve)));
    await make({ trigger: { kind: 'manual' } });
    const first = await bench.env.routines.fire('greet', 'wish-1');
    await until(() => bench.modelCalls() === 1);
    const again = await bench.env.routines.fire('greet', 'wish-1');
    expect(again.ok && first.ok && again.run.id === first.run.id).toBe(true);
    expect(await bench.env.routines.fire('greet', 'wish-2')).toEqual({
      ok: false,
      message: '"greet" is running already.',
    });
    answer('ROUTINE_OK');
    expect(await ended()).toHaveLength(1);
  });

  test('is told what is wrong with a routine that cannot be', async () => {
    await open(() => '');
    const message = async (more: Partial<RoutineDraft>) => {
      const made = await bench.env.routines.create(draft(more), `bad ${JSON.stringify(more)}`);
      return made.ok ? `made ${made.message}` : `${made.kind}: ${made.message}`;
    };
    const cron = (schedule: string, timezone = '') => ({
      trigger: { kind: 'cron', schedule, timezone } as const,
    });
    const event = (pattern: string) => ({ trigger: { kind: 'event', pattern, channel: null } as const });
    expect(await message(cron('0 0 31 2 *'))).toBe('invalid: It would never run: February has no day 31.');
    expect(await message(cron('@daily', 'Europe/Berln'))).toContain('Did you mean Europe/Berlin?');
    expect(await message(event('(?=a)'))).toContain('no regular expression of RE2');
    expect(await message(event('a'.repeat(501)))).toContain('500 is the most');
    expect(await message({ action: { ...lightweight, prompt: ' ' } })).toContain(
      'nothing of what is to be done',
    );
    expect(await message(cron('0 0 13 * 5'))).toContain('either is enough');
    expect(await message({ name: 'greet', trigger: { kind: 'manual' } })).toBe(
      'taken: There is a routine "greet" already.',
    );
  });

  test('changes a routine, which is then not verified any more', async () => {
    const clock = await open(() => 'ROUTINE_OK');
    await make();
    clock.increment(60_000);
    await ended();
    expect(await bench.env.routines.get('greet')).toMatchObject({
      verification: 'verified',
      status: 'active',
    });
    const changed = await bench.env.routines.update('greet', {
      trigger: { kind: 'cron', schedule: '30 9 * * *', timezone: 'UTC' },
    });
    expect(changed.ok && changed.routine).toMatchObject({ verification: 'unverified', status: 'unverified' });
    expect(changed.ok && changed.routine.nextTimes[0]).toBe('2026-11-22T09:30:00+00:00');
    await bench.env.routines.update('greet', { enabled: false });
    await asleep();
    clock.increment(3_600_000);
    await asleep();
    expect(await bench.env.routines.update('greet', { enabled: true })).toMatchObject({ ok: true });
    expect((await bench.env.routines.dueTimes('greet', 9)).map(({ state }) => state)).toEqual(['fired']);
  });
});

describe('a routine that orders a job', () => {
  const report = {
    kind: 'full_job',
    title: 'report',
    description: 'Write the report.',
    limits: { iterations: 5, tokens: null, budgetMicroUsd: null, minutes: null },
    tools: null,
  } as const;

  test('ends with it, says what it said, and only the routine tells of it', async () => {
    const clock = await open(() => 'The report is written.');
    await make({ action: report });
    clock.increment(60_000);
    const [run] = await ended();
    expect(run).toMatchObject({ status: 'attention', summary: 'The report is written.' });
    const [job] = await bench.env.work.list({ filter: 'all', limit: 5 });
    expect(job).toMatchObject({ id: run?.jobId, title: 'report', priority: 'routine' });
    const { rows } = await bench.database.query('select kind from notification');
    expect(rows).toEqual([{ kind: 'routine.attention' }]);
  });

  test('goes on with the same job after the process was replaced', async () => {
    let answer = (_: string): void => {};
    const clock = await open(() => new Promise((resolve) => (answer = resolve)));
    await make({ action: report });
    clock.increment(60_000);
    await until(() => bench.modelCalls() === 1);
    await bench.restart();
    await until(() => bench.modelCalls() === 2);
    answer('ROUTINE_OK');
    expect(await ended()).toMatchObject([{ status: 'ok' }]);
    expect(await bench.env.work.list({ filter: 'all', limit: 5 })).toHaveLength(1);
  });
});

describe('a start while it runs', () => {
  /** The model answers when it is told to, call by call. */
  async function busy(runMode: 'single' | 'restart' | 'queued' | 'parallel') {
    const answers: ((text: string) => void)[] = [];
    await open(() => new Promise((resolve) => answers.push(resolve)));
    await make({
      trigger: { kind: 'system_event', source: 'ci', eventType: 'build', filters: {} },
      guardrails: { runMode, maxConcurrent: 2, cooldownSeconds: 0 },
    });
    const event = { source: 'ci', eventType: 'build', payload: {}, origins: [], causedBy: [] };
    await bench.env.routines.emit(event, 'first');
    await until(() => answers.length === 1);
    await bench.env.routines.emit(event, 'second');
    return answers;
  }
  const statuses = async () => (await runs()).map(({ status }) => status).toSorted();

  test('is passed over, where it runs one at a time', async () => {
    const answers = await busy('single');
    await asleep();
    answers[0]?.('ROUTINE_OK');
    await ended(2);
    expect(await statuses()).toEqual(['cancelled', 'ok']);
  });

  test('waits until it has ended, where starts are queued', async () => {
    const answers = await busy('queued');
    await asleep();
    expect(await statuses()).toEqual(['queued', 'running']);
    answers[0]?.('ROUTINE_OK');
    await until(() => answers.length === 2);
    answers[1]?.('ROUTINE_OK');
    await ended(2);
    expect(await statuses()).toEqual(['ok', 'ok']);
  });

  test('runs beside it, where it may', async () => {
    const answers = await busy('parallel');
    await until(() => answers.length === 2);
    expect(await statuses()).toEqual(['running', 'running']);
    for (const answer of answers) answer('ROUTINE_OK');
    await ended(2);
    expect(await statuses()).toEqual(['ok', 'ok']);
  });

  test('ends it, where each begins anew', async () => {
    const answers = await busy('restart');
    await until(() => answers.length === 2);
    answers[1]?.('ROUTINE_OK');
    await ended(2);
    expect(await statuses()).toEqual(['cancelled', 'ok']);
  });
});
