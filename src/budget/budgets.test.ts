import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import type { AgentOrder, Usage } from '../core/journal.ts';
import { type Database, openDatabase } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import { MIGRATIONS } from '../storage/testing/migrations-folder.ts';
import { startPostgres } from '../storage/testing/postgres-server.ts';
import { type Budgets, budgetLimits, createBudgets, describeStop, type Payer } from './index.ts';

const NO_LIMITS = { day_usd: 0, month_usd: 0, conversation_usd: 0, turn_usd: 0, agent_usd: 0 };
const USAGE: Usage = { inputTokens: 1000, outputTokens: 100 };
const DOLLAR = 1_000_000;
const MODEL = 'played/one';

let talks = 0;

/** A payer whose conversation nothing was spent in so far. */
const newPayer = (): Payer => ({ conversationId: `talk-${++talks}`, turnId: `turn-${talks}` });

const order = (parent: Payer, more: Partial<AgentOrder> = {}): AgentOrder => ({
  parentConversationId: parent.conversationId,
  parentTurnId: parent.turnId,
  depth: (parent.agent?.depth ?? 0) + 1,
  tools: [],
  budgetMicroUsd: null,
  maxIterations: 5,
  origins: [],
  ...more,
});

const agentOf = (parent: Payer, more: Partial<AgentOrder> = {}): Payer => ({
  ...newPayer(),
  agent: order(parent, more),
});

describeBudgets('in PGlite', await openMemoryDatabase());

const server = await startPostgres();
afterAll(() => server?.[Symbol.asyncDispose]());
describe.skipIf(!server)('with a server', async () => {
  if (!server) return;
  const url = await server.freshDatabase();
  describeBudgets('in PostgreSQL', await openDatabase({ url, dataDir: tmpdir(), migrationsDir: MIGRATIONS }));
});

function describeBudgets(where: string, database: Database): void {
  /** Midnight of a day that no other rule has used: days and months are shared by everything in a database. */
  let epoch = Date.UTC(2026, 0, 1);

  interface Till {
    readonly budgets: Budgets;
    readonly clock: { time: number; now(): number };
    /** The same budgets in a new process. */
    restart(settings?: Partial<typeof NO_LIMITS>): Budgets;
    pay(payer: Payer, usd: number, effectId?: string): Promise<void>;
  }

  let effects = 0;
  const newEffect = (): string => `${where}-effect-${++effects}`;

  function open(settings: Partial<typeof NO_LIMITS>, timezone = 'UTC'): Till {
    epoch += 62 * 86_400_000;
    const clock = { time: epoch, now: () => clock.time };
    const start = (limits: Partial<typeof NO_LIMITS>): Budgets =>
      createBudgets({ database, clock, timezone, limits: budgetLimits({ ...NO_LIMITS, ...limits }) });
    const budgets = start(settings);
    return {
      budgets,
      clock,
      restart: (changed = settings) => start(changed),
      pay: (payer, usd, effectId = newEffect()) =>
        settle(budgets, { effectId, payer, microUsd: Math.round(usd * DOLLAR) }),
    };
  }

  async function settle(
    budgets: Budgets,
    { effectId, payer, microUsd }: { effectId: string; payer: Payer; microUsd: number | undefined },
  ): Promise<void> {
    const [first, ...rest] = budgets.settle({ effectId, payer, model: MODEL, usage: USAGE, microUsd });
    if (first) await database.commit([first, ...rest]);
  }

  const reserve = (budgets: Budgets, payer: Payer, usd: number, effectId = newEffect()) =>
    budgets.reserve({ effectId, payer, microUsd: Math.round(usd * DOLLAR) });

  const spentBy = async ({ conversationId }: Payer): Promise<unknown> => {
    const { rows } = await database.query('select spent, reserved from budget where scope = $1', [
      `conversation/${conversationId}`,
    ]);
    return rows[0] ?? 'nothing';
  };

  describe(where, () => {
    afterAll(() => database.close());

    test('without a limit nothing is reserved, and what was paid is on record all the same', async () => {
      const { budgets } = open({});
      const payer = newPayer();
      expect(await reserve(budgets, payer, 100)).toEqual({ ok: true, value: {} });
      expect(await spentBy(payer)).toBe('nothing');
      await settle(budgets, { effectId: newEffect(), payer, microUsd: 12_345 });
      expect(await spentBy(payer)).toEqual({ spent: 12_345, reserved: 0 });
      const { rows } = await database.query(
        'select turn_id, model, input_tokens, output_tokens, spent from spend where conversation_id = $1',
        [payer.conversationId],
      );
      expect(rows).toEqual([
        { turn_id: payer.turnId, model: MODEL, input_tokens: 1000, output_tokens: 100, spent: 12_345 },
      ]);
    });

    test('a call without a known price leaves no trace, unless something was set aside for it', async () => {
      const { budgets } = open({ day_usd: 1 });
      const payer = newPayer();
      await settle(budgets, { effectId: newEffect(), payer, microUsd: undefined });
      expect(await spentBy(payer)).toBe('nothing');
      await reserve(budgets, payer, 0.5, 'freed');
      await settle(budgets, { effectId: 'freed', payer, microUsd: undefined });
      expect(await spentBy(payer)).toEqual({ spent: 0, reserved: 0 });
      expect((await budgets.report()).models).toEqual([]);
    });

    test('the true cost takes the place of what was set aside', async () => {
      const { budgets } = open({ day_usd: 1 });
      const payer = newPayer();
      await reserve(budgets, payer, 0.9, 'first');
      expect(await spentBy(payer)).toEqual({ spent: 0, reserved: 900_000 });
      expect(await reserve(budgets, payer, 0.2)).toMatchObject({ ok: false });
      await settle(budgets, { effectId: 'first', payer, microUsd: 10_000 });
      expect(await spentBy(payer)).toEqual({ spent: 10_000, reserved: 0 });
      expect(await reserve(budgets, payer, 0.2)).toMatchObject({ ok: true });
    });

    test('a call that is made again replaces what was set aside for it', async () => {
      const { budgets, restart } = open({ day_usd: 1 });
      const payer = newPayer();
      await reserve(budgets, payer, 0.6, 'again');
      expect(await reserve(restart(), payer, 0.7, 'again')).toMatchObject({ ok: true });
      expect(await spentBy(payer)).toEqual({ spent: 0, reserved: 700_000 });
    });

    test('several calls of one effect add up', async () => {
      const { budgets } = open({ day_usd: 10 });
      const payer = newPayer();
      await reserve(budgets, payer, 0.5, 'chunks');
      await settle(budgets, { effectId: 'chunks', payer, microUsd: 100 });
      await reserve(budgets, payer, 0.6, 'chunks');
      expect(await spentBy(payer)).toEqual({ spent: 100, reserved: 600_000 });
      await settle(budgets, { effectId: 'chunks', payer, microUsd: 200 });
      await settle(budgets, { effectId: 'chunks', payer, microUsd: 300 });
      expect(await spentBy(payer)).toEqual({ spent: 600, reserved: 0 });
    });

    test('calls at the same time can never together exceed a limit', async () => {
      const { budgets, restart } = open({ day_usd: 1, conversation_usd: 0.6 });
      const [one, other] = [newPayer(), newPayer()];
      const processes = [budgets, restart(), restart()];
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, place) =>
          reserve(processes[place % 3] ?? budgets, place % 2 === 0 ? one : other, 0.07),
        ),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(14);
      expect((await budgets.report()).today.reservedMicroUsd).toBe(980_000);
      for (const payer of [one, other]) expect(Object(await spentBy(payer)).reserved).toBeLessThan(600_000);
    });

    test.skipIf(database.kind === 'pglite')(
      'whoever waited for another sees what that one took',
      async () => {
        const { budgets } = open({ conversation_usd: 1 });
        const payer = newPayer();
        await reserve(budgets, payer, 0.1);
        const scope = `conversation/${payer.conversationId}`;
        const waiting = await database.transaction(async (tx) => {
          await tx.query('select from budget where scope = $1 for update', [scope]);
          const both = [reserve(budgets, payer, 0.6), reserve(budgets, payer, 0.6)];
          await untilWaiting(2);
          return both;
        });
        const outcomes = await Promise.all(waiting);
        expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
        expect(await spentBy(payer)).toEqual({ spent: 0, reserved: 700_000 });
      },
    );

    /** Until so many statements of others wait for a lock. */
    async function untilWaiting(count: number): Promise<void> {
      for (;;) {
        const { rowCount } = await database.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        if (rowCount >= count) return;
      }
    }

    test('a call that one budget does not cover takes nothing from the others', async () => {
      const { budgets } = open({ day_usd: 1, turn_usd: 0.1 });
      const payer = newPayer();
      expect(await reserve(budgets, payer, 0.2)).toMatchObject({
        ok: false,
        error: { scope: `turn/${payer.turnId}`, name: 'the budget of this turn' },
      });
      expect(await spentBy(payer)).toEqual({ spent: 0, reserved: 0 });
      const { today } = await budgets.report();
      expect(today).toMatchObject({ spentMicroUsd: 0, reservedMicroUsd: 0, limitMicroUsd: DOLLAR });
    });

    test('a stop says what is used up, and a yes gives the limit once more', async () => {
      const { budgets, clock, pay } = open({ day_usd: 5 });
      const payer = newPayer();
      await pay(payer, 4.98);
      const refused = await reserve(budgets, payer, 0.06);
      if (refused.ok) return expect.unreachable();
      const day = new Date(clock.time).toISOString().slice(0, 10);
      expect(refused.error).toMatchObject({
        scope: `user-day/${day}`,
        name: "today's budget",
        limitMicroUsd: 5 * DOLLAR,
        spentMicroUsd: 4_980_000,
      });
      expect(describeStop(refused.error)).toBe(
        "Today's budget of $5.00 is used up ($4.98 spent; the next step may cost $0.06). Go on, with another $5.00?",
      );
      await database.commit([budgets.extend(refused.error, new Date(clock.time).toISOString())]);
      expect(await reserve(budgets, payer, 5.02)).toMatchObject({ ok: true });
      const again = await reserve(budgets, payer, 0.01);
      if (again.ok) return expect.unreachable();
      expect(describeStop(again.error)).toContain("Today's budget of $10.00 is used up ($10.00 spent; ");
      expect(describeStop(again.error)).toContain('Go on, with another $5.00?');
    });

    test('a step that would not fit even then is asked for as a whole', async () => {
      const { budgets, clock } = open({ turn_usd: 0.05 });
      const payer = newPayer();
      const refused = await reserve(budgets, payer, 0.301);
      if (refused.ok) return expect.unreachable();
      expect(describeStop(refused.error)).toBe(
        'The budget of this turn of $0.05 does not cover the next step ($0.00 spent; the next step may cost $0.30). ' +
          'Go on, with another $0.26?',
      );
      // As the journal keeps it.
      const kept = JSON.parse(JSON.stringify(refused.error));
      await database.commit([budgets.extend(kept, new Date(clock.time).toISOString())]);
      expect(await reserve(budgets, payer, 0.301)).toMatchObject({ ok: true });
    });

    test('whoever crosses 80 % is told so, once, also after a restart, and again when it is made again', async () => {
      const { budgets, restart, pay } = open({ day_usd: 5 });
      const payer = newPayer();
      await pay(payer, 3.9);
      const warned = { ok: true, value: { warning: "80 % of today's budget is used: $4.02 of $5.00." } };
      expect(await reserve(budgets, payer, 0.12, `${where}-crosses`)).toEqual(warned);
      expect(await reserve(budgets, payer, 0.12)).toEqual({ ok: true, value: {} });
      expect(await reserve(restart(), payer, 0.12)).toEqual({ ok: true, value: {} });
      expect(await reserve(restart(), payer, 0.12, `${where}-crosses`)).toMatchObject({
        ok: true,
        value: { warning: expect.stringContaining("of today's budget is used: ") },
      });
    });

    test('a new day and a new month begin at the midnight of the user', async () => {
      const { budgets, clock } = open({ day_usd: 1, month_usd: 1.5 }, 'America/New_York');
      const payer = newPayer();
      // 29 November 2020 in New York: five hours behind.
      clock.time = Date.UTC(2020, 10, 29, 12);
      await reserve(budgets, payer, 1);
      clock.time = Date.UTC(2020, 10, 30, 4, 59, 59);
      expect(await reserve(budgets, payer, 0.5)).toMatchObject({
        error: { scope: 'user-day/2020-11-29' },
      });
      clock.time = Date.UTC(2020, 10, 30, 5);
      expect(await reserve(budgets, payer, 0.5)).toMatchObject({ ok: true });
      expect(await reserve(budgets, payer, 0.5)).toMatchObject({
        error: { scope: 'user-month/2020-11', name: "this month's budget" },
      });
      clock.time = Date.UTC(2020, 11, 1, 5);
      expect(await reserve(budgets, payer, 1)).toMatchObject({ ok: true });
    });

    test('a clock that is set back finds what was spent then, and forward what was spent there', async () => {
      const { budgets, clock, restart } = open({ day_usd: 1 });
      const payer = newPayer();
      const day = 86_400_000;
      await reserve(budgets, payer, 0.9);
      clock.time += day;
      await reserve(restart(), payer, 0.8);
      clock.time -= day;
      expect(await reserve(budgets, payer, 0.2)).toMatchObject({ ok: false });
      clock.time += day;
      expect(await reserve(budgets, payer, 0.3)).toMatchObject({ ok: false });
    });

    test('a limit that is set later counts what was paid before', async () => {
      const { pay, restart } = open({});
      const payer = newPayer();
      await pay(payer, 0.9);
      const limited = restart({ conversation_usd: 1 });
      expect(await reserve(limited, payer, 0.2)).toMatchObject({ ok: false });
      expect(await reserve(limited, payer, 0.1)).toMatchObject({ ok: true });
    });

    test('an agent pays from its own budget and from those above it', async () => {
      const { budgets } = open({ conversation_usd: 1 });
      const parent = newPayer();
      const agent = agentOf(parent, { budgetMicroUsd: 300_000 });
      const other = agentOf(parent);
      expect(await reserve(budgets, agent, 0.3)).toMatchObject({ ok: true });
      expect(await reserve(budgets, agent, 0.01)).toMatchObject({
        error: { scope: `agent/${agent.conversationId}`, name: 'the budget of this agent' },
      });
      expect(await reserve(budgets, other, 0.6)).toMatchObject({ ok: true });
      expect(await reserve(budgets, other, 0.2)).toMatchObject({
        error: { scope: `conversation/${parent.conversationId}` },
      });
      expect(await spentBy(parent)).toEqual({ spent: 0, reserved: 900_000 });
    });

    test('the user limits agents whatever their orders say', async () => {
      const { budgets } = open({ agent_usd: 0.1 });
      const generous = agentOf(newPayer(), { budgetMicroUsd: 5 * DOLLAR });
      const strict = agentOf(newPayer(), { budgetMicroUsd: 10_000 });
      expect(await reserve(budgets, generous, 0.11)).toMatchObject({ ok: false });
      expect(await reserve(budgets, generous, 0.1)).toMatchObject({ ok: true });
      expect(await reserve(budgets, strict, 0.02)).toMatchObject({ ok: false });
    });

    test.each([['reserved'], ['settled']])(
      'an agent of an agent pays from all above it: what above it was %s',
      async (how) => {
        const { budgets } = open(how === 'reserved' ? { conversation_usd: 1, turn_usd: 0.9 } : {});
        const user = newPayer();
        const upper = agentOf(user, how === 'reserved' ? { budgetMicroUsd: 500_000 } : {});
        const lower = agentOf(upper);
        if (how === 'reserved') await reserve(budgets, upper, 0.2);
        else await settle(budgets, { effectId: newEffect(), payer: upper, microUsd: 200_000 });
        if (how === 'reserved') {
          expect(await reserve(budgets, lower, 0.31)).toMatchObject({
            error: { scope: `agent/${upper.conversationId}` },
          });
          await reserve(budgets, lower, 0.3);
        } else await settle(budgets, { effectId: newEffect(), payer: lower, microUsd: 300_000 });
        const { spent, reserved } = Object(await spentBy(user));
        expect(spent + reserved).toBe(500_000);
      },
    );

    test('the report says what was spent and is held, by model and by conversation', async () => {
      const { budgets, clock, pay } = open({ day_usd: 5, turn_usd: 1 });
      const [first, second] = [newPayer(), newPayer()];
      await database.query(
        `insert into conversation (id, channel, title, created_at) values ($1, 'web', 'Taxes', now())`,
        [first.conversationId],
      );
      await pay(first, 0.5);
      clock.time += 86_400_000;
      await pay(first, 0.2);
      clock.time += 1000;
      await reserve(budgets, second, 0.4);
      const report = await budgets.report();
      const day = new Date(clock.time).toISOString();
      expect(report).toMatchObject({
        today: { period: day.slice(0, 10), limitMicroUsd: 5 * DOLLAR, spentMicroUsd: 200_000 },
        month: { period: day.slice(0, 7), limitMicroUsd: null, spentMicroUsd: 700_000 },
        limits: { conversationMicroUsd: null, turnMicroUsd: DOLLAR, agentMicroUsd: null },
        models: [
          {
            model: MODEL,
            calls: 2,
            inputTokens: 2000,
            outputTokens: 200,
            todayMicroUsd: 200_000,
            monthMicroUsd: 700_000,
          },
        ],
      });
      expect([report.today.reservedMicroUsd, report.month.reservedMicroUsd]).toEqual([400_000, 400_000]);
      expect(report.conversations.slice(0, 2)).toMatchObject([
        { conversationId: second.conversationId, title: null, spentMicroUsd: 0, reservedMicroUsd: 400_000 },
        { conversationId: first.conversationId, title: 'Taxes', spentMicroUsd: 700_000 },
      ]);
    });

    test("the history has every day of the user's, also those on which nothing was spent", async () => {
      const { budgets, clock, pay } = open({}, 'Europe/Berlin');
      const [first, second] = [newPayer(), newPayer()];
      // Half past midnight of the next day in Berlin.
      clock.time = Date.UTC(2031, 6, 1, 22, 30);
      await pay(first, 0.25);
      await pay(second, 0.5);
      clock.time += 2 * 86_400_000;
      await pay(first, 1);
      const history = await budgets.history(4);
      expect(history.timezone).toBe('Europe/Berlin');
      expect(history.days.map(({ day, calls, spentMicroUsd }) => [day, calls, spentMicroUsd])).toEqual([
        ['2031-07-01', 0, 0],
        ['2031-07-02', 2, 750_000],
        ['2031-07-03', 0, 0],
        ['2031-07-04', 1, DOLLAR],
      ]);
      expect(history.models).toEqual([
        { model: MODEL, calls: 3, inputTokens: 3000, outputTokens: 300, spentMicroUsd: 1_750_000 },
      ]);
      expect(history.conversations).toMatchObject([
        { conversationId: first.conversationId, calls: 2, spentMicroUsd: 1_250_000 },
        { conversationId: second.conversationId, calls: 1, spentMicroUsd: 500_000 },
      ]);
    });

    test('limits and time zone count as they are at each moment', async () => {
      const clock = { now: () => Date.UTC(2032, 0, 1, 23, 30) };
      const changing = { database, clock, timezone: 'UTC', limits: budgetLimits(NO_LIMITS) };
      const budgets = createBudgets(changing);
      expect((await budgets.report()).today).toMatchObject({ period: '2032-01-01', limitMicroUsd: null });
      changing.timezone = 'Europe/Berlin';
      changing.limits = budgetLimits({ ...NO_LIMITS, day_usd: 1 });
      expect((await budgets.report()).today).toMatchObject({ period: '2032-01-02', limitMicroUsd: DOLLAR });
      expect(await reserve(budgets, newPayer(), 2)).toMatchObject({ ok: false });
    });

    test('single calls are forgotten after 400 days, their sums are not', async () => {
      const { clock, pay, restart } = open({ turn_usd: 1 });
      const old = newPayer();
      await pay(old, 0.5);
      clock.time += 401 * 86_400_000;
      await settle(restart(), { effectId: newEffect(), payer: newPayer(), microUsd: 1 });
      const { rowCount } = await database.query('select from spend where conversation_id = $1', [
        old.conversationId,
      ]);
      const turns = await database.query('select from budget where scope = $1', [`turn/${old.turnId}`]);
      expect([rowCount, turns.rowCount]).toEqual([0, 0]);
      expect(await spentBy(old)).toEqual({ spent: 500_000, reserved: 0 });
    });

    test('what is no amount of money is refused loudly', async () => {
      const { budgets } = open({ day_usd: 1 });
      await expect(reserve(budgets, newPayer(), -1)).rejects.toThrow('no amount of money');
      await expect(reserve(budgets, newPayer(), Number.NaN)).rejects.toThrow('no amount of money');
    });
  });
}
