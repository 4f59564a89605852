import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Budgets, createBudgets, type Payer } from '../src/budget/index.ts';
import type { BudgetStop } from '../src/core/journal.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { Ledger, type Limits } from './budget/ledger.ts';

/**
 * Random histories of model calls on a real database, beside a ledger that adds up every call by hand: calls one by one
 * and at the same time, that end, that never end, that are made again after a crash; budgets that are extended; a clock
 * that jumps over midnights, ends of months and changes of daylight saving time, also backwards.
 */

const database = await openMemoryDatabase();
afterAll(() => database.close());

const TIMEZONE = 'Europe/Berlin';
/** The evening before a day of 25 hours, a week before the end of the month. */
const START = Date.parse('2026-10-24T20:00:00Z');
const HOUR = 3_600_000;
const USAGE = { inputTokens: 1, outputTokens: 1 };

const order = { tools: [], maxIterations: 1, origins: [] };
const PAYERS: readonly Payer[] = [
  { conversationId: 'a', turnId: 'a1' },
  { conversationId: 'a', turnId: 'a2' },
  { conversationId: 'b', turnId: 'b1' },
  {
    conversationId: 'agent',
    turnId: 'g1',
    agent: { ...order, parentConversationId: 'a', parentTurnId: 'a1', depth: 1, budgetMicroUsd: 600 },
  },
  {
    conversationId: 'under-agent',
    turnId: 'u1',
    agent: { ...order, parentConversationId: 'agent', parentTurnId: 'g1', depth: 2, budgetMicroUsd: null },
  },
];

type Step =
  | { readonly type: 'call'; readonly payer: number; readonly amount: number }
  | { readonly type: 'calls'; readonly payers: readonly number[]; readonly amount: number }
  /** The first of those that run ends, having cost so many percent of what was set aside. */
  | { readonly type: 'end'; readonly percent: number }
  /** The process dies; what ran is made again with another amount, or never. */
  | { readonly type: 'crash'; readonly again: boolean; readonly amount: number }
  | { readonly type: 'unreserved'; readonly payer: number; readonly amount: number }
  | { readonly type: 'extend' }
  | { readonly type: 'clock'; readonly hours: number };

const payer = fc.nat(PAYERS.length - 1);
const amount = fc.integer({ min: 1, max: 400 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('call'), payer, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('calls'),
      payers: fc.array(payer, { minLength: 2, maxLength: 8 }),
      amount,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('end'), percent: fc.integer({ min: 0, max: 130 }) }),
  },
  fc.record({ type: fc.constant('crash'), again: fc.boolean(), amount }),
  fc.record({ type: fc.constant('unreserved'), payer, amount }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('extend') }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('clock'), hours: fc.integer({ min: -60, max: 90 }) }),
  },
);

const limit = (max: number) => fc.oneof(fc.constant(0), fc.integer({ min: 50, max }));
const limits: fc.Arbitrary<Limits> = fc.record({
  day: limit(1500),
  month: limit(3000),
  conversation: limit(1500),
  // Turns without a limit are not counted, and the ledger counts everything.
  turn: fc.integer({ min: 50, max: 1500 }),
  agent: limit(800),
});

interface Running {
  readonly effectId: string;
  readonly payer: Payer;
  readonly amount: number;
}

class History {
  readonly #ledger: Ledger;
  readonly #limits: Limits;
  readonly #clock = { time: START, now: () => this.#clock.time };
  #budgets: Budgets;
  #running: Running[] = [];
  #stop: BudgetStop | undefined;
  #effects = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#budgets = this.#start();
    const byConversation = new Map(PAYERS.map((one) => [one.conversationId, one]));
    this.#ledger = new Ledger(limits, TIMEZONE, byConversation);
  }

  #start(): Budgets {
    const { day, month, conversation, turn, agent } = this.#limits;
    return createBudgets({
      database,
      clock: this.#clock,
      timezone: TIMEZONE,
      limits: {
        dayMicroUsd: day,
        monthMicroUsd: month,
        conversationMicroUsd: conversation,
        turnMicroUsd: turn,
        agentMicroUsd: agent,
      },
    });
  }

  async take(one: Step): Promise<void> {
    switch (one.type) {
      case 'call':
        return this.#call(this.#newCall(one.payer, one.amount));
      case 'calls':
        return this.#callAtOnce(one.payers.map((payer) => this.#newCall(payer, one.amount)));
      case 'end':
        return this.#end(one.percent);
      case 'crash':
        return this.#crash(one.again, one.amount);
      case 'unreserved':
        return this.#settle(this.#newCall(one.payer, one.amount), one.amount);
      case 'extend':
        return this.#extend();
      case 'clock':
        this.#clock.time += one.hours * HOUR;
    }
  }

  #newCall(payer: number, amount: number): Running {
    const [first] = PAYERS;
    if (!first) throw new Error('there are payers');
    return { effectId: `effect-${++this.#effects}`, payer: PAYERS[payer] ?? first, amount };
  }

  #scopes = ({ payer }: Running): readonly string[] => this.#ledger.scopesOf(payer, this.#clock.time);

  async #call(call: Running): Promise<void> {
    const { effectId, payer, amount } = call;
    const scopes = this.#scopes(call);
    const obstacles = this.#ledger.obstacles(effectId, scopes, amount);
    const outcome = await this.#budgets.reserve({ effectId, payer, microUsd: amount });
    expect(outcome.ok).toBe(obstacles.length === 0);
    if (!outcome.ok) {
      expect(obstacles).toContain(outcome.error.scope);
      expect(outcome.error.limitMicroUsd).toBe(this.#ledger.roomOf(outcome.error.scope));
      this.#stop = outcome.error;
      return;
    }
    this.#ledger.reserve(effectId, scopes, amount);
    this.#running.push(call);
    const warnings = this.#ledger.warnings(effectId, scopes);
    expect(outcome.value.warning?.split(' is used: ').length ?? 1).toBe(warnings.length + 1);
  }

  /** Whoever comes first wins; but nobody is refused who would have fitted beside those who won. */
  async #callAtOnce(calls: readonly Running[]): Promise<void> {
    const outcomes = await Promise.all(
      calls.map(({ effectId, payer, amount }) =>
        this.#budgets.reserve({ effectId, payer, microUsd: amount }),
      ),
    );
    const won = calls.filter((_, place) => outcomes[place]?.ok);
    for (const call of won) {
      expect(this.#ledger.obstacles(call.effectId, this.#scopes(call), call.amount)).toEqual([]);
      this.#ledger.reserve(call.effectId, this.#scopes(call), call.amount);
      this.#ledger.warnings(call.effectId, this.#scopes(call));
    }
    for (const call of calls.filter((one) => !won.includes(one)))
      expect(this.#ledger.obstacles(call.effectId, this.#scopes(call), call.amount)).not.toEqual([]);
    this.#running.push(...won);
  }

  async #end(percent: number): Promise<void> {
    const call = this.#running.shift();
    if (call) await this.#settle(call, Math.round((call.amount * percent) / 100));
  }

  async #settle(call: Running, microUsd: number): Promise<void> {
    const { effectId, payer } = call;
    const [first, ...rest] = this.#budgets.settle({ effectId, payer, model: 'm', usage: USAGE, microUsd });
    if (first) await database.commit([first, ...rest]);
    this.#ledger.settle(effectId, this.#scopes(call), microUsd);
  }

  async #crash(again: boolean, amount: number): Promise<void> {
    this.#budgets = this.#start();
    const interrupted = this.#running;
    this.#running = [];
    if (again) for (const call of interrupted) await this.#call({ ...call, amount });
  }

  async #extend(): Promise<void> {
    const stop = this.#stop;
    if (!stop) return;
    this.#stop = undefined;
    const before = await readSum(stop.scope);
    await database.commit([this.#budgets.extend(stop, new Date(this.#clock.time).toISOString())]);
    const more = (await readSum(stop.scope)).added - before.added;
    expect(more).toBeGreaterThanOrEqual(this.#ledger.limitOf(stop.scope));
    this.#ledger.extend(stop.scope, more);
  }

  async compare(): Promise<void> {
    for (const scope of this.#ledger.scopes) {
      const { spent, reserved } = await readSum(scope);
      expect({ scope, spent, reserved }).toEqual({
        scope,
        spent: this.#ledger.spentOf(scope),
        reserved: this.#ledger.reservedOf(scope),
      });
    }
  }
}

interface Sum extends Record<string, unknown> {
  readonly spent: number;
  readonly reserved: number;
  readonly added: number;
}

async function readSum(scope: string): Promise<Sum> {
  const { rows } = await database.query<Sum>('select spent, reserved, added from budget where scope = $1', [
    scope,
  ]);
  return rows[0] ?? { spent: 0, reserved: 0, added: 0 };
}

const UPPER_AGENT = 3;

test('sums, stops and warnings are those of a ledger kept by hand', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { minLength: 5, maxLength: 40 }), async (limits, steps) => {
      await database.query('delete from spend');
      await database.query('delete from budget');
      const history = new History(limits);
      // Whoever orders an agent has called a model before.
      await history.take({ type: 'unreserved', payer: UPPER_AGENT, amount: 1 });
      for (const one of steps) await history.take(one);
      await history.compare();
    }),
    { numRuns: 150 },
  );
});
