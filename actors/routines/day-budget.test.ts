import { afterEach, describe, expect, test, vi } from 'vitest';
import { SimulatedClock } from 'xstate';
import type { RoutineAction } from '../../src/core/routines.ts';
import type { Model } from '../../src/llm/index.ts';
import { fixedChoice } from '../models/choice.ts';
import { type Bench, openBench } from '../testing/bench.ts';

// Each test opens a database, which takes long where much else goes on.
vi.setConfig({ testTimeout: 120_000 });

const HOUR = 3_600_000;
const DOLLAR = 1_000_000;

/** A call costs two dollars, and is never thought to cost less. */
const dear = (model: Model): Model => ({
  ...model,
  limits: { contextTokens: 100_000, outputTokens: 1, vision: false },
  price: { input: 0, output: 2_000_000 },
});

const LIGHTWEIGHT = {
  kind: 'lightweight',
  prompt: 'Look for new mail.',
  contextPaths: [],
  maxTokens: 4_096,
  useTools: false,
  maxToolRounds: 3,
} as const;

const JOB = {
  kind: 'full_job',
  title: 'report',
  description: 'Write the report.',
  limits: { iterations: 5, tokens: null, budgetMicroUsd: null, minutes: null },
  tools: null,
} as const;

let bench: Bench;
let clock: SimulatedClock;
afterEach(async () => bench[Symbol.asyncDispose]());

/** A routine that is due every hour from nine on, and may cost so much a day. */
async function limited(usd: number, action: RoutineAction = LIGHTWEIGHT): Promise<void> {
  clock = new SimulatedClock();
  clock.set(Date.parse('2026-11-22T08:00:00Z'));
  const choice = (played: Model) => fixedChoice(dear(played));
  bench = await openBench({ script: () => 'ROUTINE_OK', clock, time: clock, choice });
  const made = await bench.env.routines.create(
    {
      ...{ name: 'mail', description: '', action, conversationId: null, by: 'user', origins: [] },
      trigger: { kind: 'cron', schedule: '0 * * * *', timezone: 'UTC' },
      guardrails: { dayMicroUsd: usd * DOLLAR, catchUp: 'skip' },
    },
    'made',
  );
  if (!made.ok) throw new Error(made.message);
  await asleep();
}

async function settled(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

const asleep = (): Promise<void> =>
  settled(() => bench.system.whereis('routine-engine')?.getSnapshot().value === 'sleeping');

const due = () => bench.env.routines.dueTimes('mail', 50);
const states = async () => (await due()).map(({ dueAt, state }) => `${dueAt.slice(11, 13)} ${state}`);

/** The next due time comes, and whatever follows from it is over. */
async function dueOnce(afterMs = HOUR): Promise<void> {
  await asleep();
  const before = (await due()).length;
  clock.increment(afterMs);
  await settled(async () => {
    const [times, runs] = [await due(), await bench.env.routines.runs('mail', 50)];
    const isOver = times.every(({ state }) => state !== 'claimed');
    return times.length > before && isOver && runs.every(({ completedAt }) => completedAt !== null);
  });
}

async function told(): Promise<readonly string[]> {
  const { rows } = await bench.database.query<{ kind: string; text: string }>(
    'select kind, text from notification order by id',
  );
  return rows.map(({ kind, text }) => `${kind}: ${text}`);
}

const USED_UP = 'Its budget of $4.00 for 2026-11-22 is used up ($4.00 spent).';
const HOW_ON = 'It goes on the next day, or with more: ironbark routines edit "mail" --budget AMOUNT';

describe.each([
  ['in short conversations', LIGHTWEIGHT],
  ['by jobs', JOB],
] as const)('a routine that works %s', (_, action) => {
  test('rests when its budget of the day is used up, says so once, and goes on the next day', async () => {
    await limited(4, action);
    for (const _ of [9, 10, 11, 12]) await dueOnce();
    expect(await states()).toEqual(['12 skipped', '11 skipped', '10 fired', '09 fired']);
    expect((await due())[0]?.reason).toBe(USED_UP);
    expect(await told()).toEqual([`routine.used-up: ${USED_UP} ${HOW_ON}`]);
    expect(await bench.env.routines.get('mail')).toMatchObject({
      enabled: true,
      spentTodayMicroUsd: 4 * DOLLAR,
      consecutiveFailures: 0,
    });
    await dueOnce(21 * HOUR);
    expect((await states())[0]).toBe('09 fired');
    expect(await bench.env.routines.get('mail')).toMatchObject({ spentTodayMicroUsd: 2 * DOLLAR });
    expect((await told()).map((line) => line.split(':')[0])).toEqual(['routine.used-up', 'routine.missed']);
  });

  test('is stopped where its budget does not cover the next step, which is no failure', async () => {
    await limited(5, action);
    for (const _ of [9, 10, 11, 12]) await dueOnce();
    expect(await states()).toEqual(['12 skipped', '11 fired', '10 fired', '09 fired']);
    const reason = 'Its budget of $5.00 for 2026-11-22 does not cover another step ($4.00 spent).';
    expect((await due())[0]?.reason).toBe(reason);
    const runs = await bench.env.routines.runs('mail', 5);
    expect(runs.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'ok', 'ok']);
    expect(runs[1]?.summary).toContain('The budget of this routine of $5.00');
    expect(await told()).toEqual([`routine.used-up: ${reason} ${HOW_ON}`]);
    expect(bench.modelCalls()).toBe(2);
    expect(await bench.env.routines.get('mail')).toMatchObject({ consecutiveFailures: 0 });
  });
});

describe('a limit', () => {
  test('that is raised or removed lets it go on at once', async () => {
    await limited(2);
    await dueOnce();
    await dueOnce();
    expect(await bench.env.routines.fire('mail', 'by hand')).toEqual({
      ok: false,
      message: 'Its budget of $2.00 for 2026-11-22 is used up ($2.00 spent).',
    });
    await bench.env.routines.update('mail', { guardrails: { dayMicroUsd: 4 * DOLLAR } });
    await dueOnce();
    await dueOnce();
    await bench.env.routines.update('mail', { guardrails: { dayMicroUsd: 0 } });
    await dueOnce();
    expect(await states()).toEqual(['13 fired', '12 skipped', '11 fired', '10 skipped', '09 fired']);
  });

  test('that is set later counts what was paid before', async () => {
    await limited(0);
    await dueOnce();
    expect(await bench.env.routines.update('mail', { guardrails: { dayMicroUsd: DOLLAR } })).toMatchObject({
      routine: { guardrails: { dayMicroUsd: DOLLAR }, spentTodayMicroUsd: 2 * DOLLAR },
    });
    await dueOnce();
    expect(await states()).toEqual(['10 skipped', '09 fired']);
  });
});
