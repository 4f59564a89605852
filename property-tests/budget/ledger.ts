import type { Payer } from '../../src/budget/index.ts';

/** What budgets must come to, kept the simplest way: every call with its amount, and sums made when they are asked for. */

export interface Limits {
  readonly day: number;
  readonly month: number;
  readonly conversation: number;
  readonly turn: number;
  readonly agent: number;
}

interface Held {
  readonly scopes: readonly string[];
  readonly amount: number;
}

export class Ledger {
  readonly #limits: Limits;
  readonly #timezone: string;
  readonly #payers: ReadonlyMap<string, Payer>;
  readonly #reserved = new Map<string, Held>();
  readonly #paid: Held[] = [];
  readonly #added = new Map<string, number>();
  readonly #warned = new Map<string, string>();

  /** @param payers by their conversation */
  constructor(limits: Limits, timezone: string, payers: ReadonlyMap<string, Payer>) {
    this.#limits = limits;
    this.#timezone = timezone;
    this.#payers = payers;
  }

  /** Every budget that a payer pays from at a moment. */
  scopesOf(payer: Payer, now: number): readonly string[] {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: this.#timezone }).format(now);
    return [`user-day/${day}`, `user-month/${day.slice(0, 7)}`, ...this.#below(payer)];
  }

  #below({ conversationId, turnId, agent }: Payer): readonly string[] {
    if (!agent) return [`conversation/${conversationId}`, `turn/${turnId}`];
    const parent = this.#payers.get(agent.parentConversationId);
    const own = `agent/${conversationId}`;
    const above = parent?.agent ? this.#below(parent) : this.#below(plainParent(agent));
    return [...above, own];
  }

  limitOf(scope: string): number {
    const [kind = '', id = ''] = scope.split('/');
    const { day, month, conversation, turn } = this.#limits;
    if (kind === 'agent') return this.#agentLimit(id);
    return { 'user-day': day, 'user-month': month, conversation, turn }[kind] ?? 0;
  }

  #agentLimit(id: string): number {
    const given = [this.#payers.get(id)?.agent?.budgetMicroUsd ?? 0, this.#limits.agent];
    const limits = given.filter((limit) => limit > 0);
    return limits.length === 0 ? 0 : Math.min(...limits);
  }

  addedTo = (scope: string): number => this.#added.get(scope) ?? 0;
  roomOf = (scope: string): number => this.limitOf(scope) + this.addedTo(scope);

  spentOf = (scope: string): number => sum(this.#paid.filter((one) => one.scopes.includes(scope)));
  reservedOf = (scope: string): number =>
    sum([...this.#reserved.values()].filter((one) => one.scopes.includes(scope)));
  usedOf = (scope: string): number => this.spentOf(scope) + this.reservedOf(scope);

  /** The budgets that do not cover a call. */
  obstacles(effectId: string, scopes: readonly string[], amount: number): readonly string[] {
    const own = this.#reserved.get(effectId);
    return scopes.filter((scope) => {
      const used = this.usedOf(scope) - (own?.scopes.includes(scope) ? own.amount : 0);
      return this.limitOf(scope) > 0 && used + amount > this.roomOf(scope);
    });
  }

  reserve(effectId: string, scopes: readonly string[], amount: number): void {
    this.#reserved.set(effectId, { scopes, amount });
  }

  /** Which of them the call must be warned of; to be asked after it has reserved. */
  warnings(effectId: string, scopes: readonly string[]): readonly string[] {
    return scopes.filter((scope) => {
      const near = this.limitOf(scope) > 0 && this.usedOf(scope) * 5 >= this.roomOf(scope) * 4;
      if (near && !this.#warned.has(scope)) this.#warned.set(scope, effectId);
      return near && this.#warned.get(scope) === effectId;
    });
  }

  settle(effectId: string, scopes: readonly string[], amount: number): void {
    this.#paid.push({ scopes: this.#reserved.get(effectId)?.scopes ?? scopes, amount });
    this.#reserved.delete(effectId);
  }

  extend(scope: string, amount: number): void {
    this.#added.set(scope, this.addedTo(scope) + amount);
  }

  /** Every budget that was ever paid from. */
  get scopes(): ReadonlySet<string> {
    return new Set([...this.#paid, ...this.#reserved.values()].flatMap((one) => one.scopes));
  }
}

const plainParent = (agent: { parentConversationId: string; parentTurnId: string }): Payer => ({
  conversationId: agent.parentConversationId,
  turnId: agent.parentTurnId,
});

const sum = (all: readonly Held[]): number => all.reduce((total, one) => total + one.amount, 0);
