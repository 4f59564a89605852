import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import {
  type Loaded,
  type OfferedInput,
  type SessionDesk,
  type SessionEvent,
  sessionMachine,
} from '../machines/session.ts';
import type { TurnEvent } from '../machines/turn.ts';
import { durable, type Fact } from '../src/runtime/durable/durable.ts';

/**
 * Drives a session through random histories: inputs that are offered once, twice or not at all, some of them told of
 * before, messages that are told of and never accepted, turns that end or crash before or after they have taken their
 * message, a database that cannot be read for a while. Whatever
 * happens, each accepted message must be taken and each notice told exactly once; and in the order of acceptance,
 * unless an offer was lost, when it is found later.
 */

/** The database and the turns, as far as a session sees them. */
class FakeDesk implements SessionDesk {
  readonly accepted: OfferedInput[] = [];
  /** Messages taken by a turn's first commit, and notices told, in order. */
  readonly taken: string[] = [];
  readonly refused: string[] = [];
  /** How the next turns end; when there is nothing left, well. */
  readonly fates: TurnFate[] = [];
  /** How the next notices are told; when there is nothing left, well. */
  readonly tellings: Telling[] = [];
  readsToFail = 0;
  running = 0;
  mostAtOnce = 0;
  #unfinished = false;

  accept(kind: keyof typeof INPUTS): OfferedInput {
    const inboxId = String(this.accepted.length).padStart(4, '0');
    const input = INPUTS[kind];
    const offered = { inboxId, channel: 'test', input };
    this.accepted.push(offered);
    return offered;
  }

  get open(): readonly OfferedInput[] {
    const done = new Set([...this.taken, ...this.refused]);
    return this.accepted.filter(({ inboxId }) => !done.has(inboxId));
  }

  async load(): Promise<Loaded> {
    if (this.readsToFail > 0) {
      this.readsToFail--;
      throw new Error('the database cannot be read');
    }
    return {
      unfinished: this.#unfinished,
      inputs: this.open.slice(0, LOAD_LIMIT),
      more: this.open.length > LOAD_LIMIT,
    };
  }

  async refuse({ inboxId }: OfferedInput): Promise<void> {
    this.refused.push(inboxId);
  }

  /** Commits only if nobody has, as the journal does for what was taken before. */
  async tell({ inboxId }: OfferedInput): Promise<void> {
    const fate = this.tellings.shift() ?? 'told';
    if (fate === 'crashes before the commit') throw new Error(fate);
    if (this.running > 0) throw new Error('a notice was told during a turn');
    if (!this.taken.includes(inboxId)) this.taken.push(inboxId);
    await Promise.resolve();
    if (fate === 'crashes after the commit') throw new Error(fate);
  }

  /** Decisions that come during a turn go to it, and are taken by it. */
  meaning({ inboxId, input }: OfferedInput): { readonly wait: boolean } {
    if (input.type !== 'approval') return { wait: true };
    if (!this.refused.includes(inboxId)) this.refused.push(inboxId);
    return { wait: false };
  }

  turn(beginWith: OfferedInput | null): object {
    return new Order(this, beginWith);
  }

  failed(): void {}

  rested(): void {}

  async runTurn(beginWith: OfferedInput | null): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    try {
      const fate = this.fates.shift() ?? 'ends';
      if (fate === 'crashes before it took its message') throw new Error(fate);
      // As the journal does for what was never accepted.
      if (beginWith && !this.accepted.includes(beginWith)) return;
      if (beginWith) this.taken.push(beginWith.inboxId);
      this.#unfinished = true;
      await Promise.resolve();
      if (fate === 'crashes after it took its message') throw new Error(fate);
      this.#unfinished = false;
    } finally {
      this.running--;
    }
  }
}

const INPUTS = {
  message: { type: 'message', text: 'hello', mode: 'queue' },
  notice: { type: 'notice', text: 'it is done', from: 'a helper' },
  approval: { type: 'approval', approvalId: 'none', decision: 'once', reason: null },
} as const;

type Telling = 'told' | 'crashes before the commit' | 'crashes after the commit';

type TurnFate = 'ends' | 'crashes before it took its message' | 'crashes after it took its message';

const LOAD_LIMIT = 3;

/** What the session hands to its turn's actor. */
class Order {
  readonly desk: FakeDesk;
  readonly beginWith: OfferedInput | null;

  constructor(desk: FakeDesk, beginWith: OfferedInput | null) {
    this.desk = desk;
    this.beginWith = beginWith;
  }
}

/** A turn of one step. */
const turn = durable<object, TurnEvent, Fact<TurnEvent>>((order) => ({
  state: 'running',
  begin: () => ({ facts: [{ event: { type: 'turn.abandoned', reason: 'the one step' } }] }),
  async step() {
    if (order instanceof Order) await order.desk.runTurn(order.beginWith);
    return { done: true };
  },
  factOf: (event) => ({ event }),
  effectDied: () => ({}),
}));

type Step =
  | {
      readonly do: 'accept';
      readonly kind: keyof typeof INPUTS;
      readonly coming: boolean;
      readonly offers: number;
    }
  | { readonly do: 'tell of what is never accepted' }
  | { readonly do: 'spoil a telling'; readonly fate: Telling }
  | { readonly do: 'crash'; readonly fate: TurnFate }
  | { readonly do: 'fail to read' }
  | { readonly do: 'nudge' }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      kind: fc.constantFrom<keyof typeof INPUTS>('message', 'message', 'notice', 'approval'),
      coming: fc.boolean(),
      offers: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'tell of what is never accepted' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      fate: fc.constantFrom<TurnFate>(
        'crashes before it took its message',
        'crashes after it took its message',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('spoil a telling' as const),
      fate: fc.constantFrom<Telling>('crashes before the commit', 'crashes after the commit'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'fail to read' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'nudge' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(200) }) },
);

const said: Step = { do: 'accept', kind: 'message', coming: false, offers: 1 };

/** More is waiting in the database than is read at once, while newer messages are offered. */
const MORE_THAN_FIT: Step[] = [said, said, said, { do: 'nudge' }, said, said, said];

/** Lets promises that are ready go on. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
};

test('every accepted message is taken once and every notice told once, whatever crashes, is lost or comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const desk = new FakeDesk();
      const clock = new SimulatedClock();
      const machine = sessionMachine.provide({ actors: { turn } });
      const session = createActor(machine, { clock, input: { desk, idleMs: 1e9, queueLimit: 2 } });
      session.start();
      for (const next of steps) await perform(next, desk, session, clock);

      // Told once that there is work, it must find all of it by itself.
      session.send({ type: 'session.nudged' });
      for (let round = 0; round < 60 && desk.open.length > 0; round++) {
        clock.increment(30_000);
        await settle();
      }
      const messages = desk.accepted
        .filter(({ input }) => input.type !== 'approval')
        .map(({ inboxId }) => inboxId);
      const someLost = steps.some((next) => next.do === 'accept' && next.offers === 0);
      expect(someLost ? desk.taken.toSorted() : desk.taken).toEqual(messages);
      expect(new Set(desk.refused).size).toBe(desk.refused.length);
      expect(desk.open).toEqual([]);
      expect(desk.mostAtOnce).toBeLessThanOrEqual(1);
      session.stop();
    }),
    { numRuns: 150, examples: [[MORE_THAN_FIT]] },
  );
});

async function perform(
  next: Step,
  desk: FakeDesk,
  session: { send(event: SessionEvent): void },
  clock: SimulatedClock,
): Promise<void> {
  if (next.do === 'accept') {
    const input = desk.accept(next.kind);
    if (next.coming) session.send({ type: 'input.coming', input });
    for (let offer = 0; offer < next.offers; offer++) session.send({ type: 'input.offered', input });
  } else if (next.do === 'tell of what is never accepted') {
    session.send({
      type: 'input.coming',
      input: { inboxId: 'never', channel: 'test', input: INPUTS.message },
    });
  } else if (next.do === 'crash') desk.fates.push(next.fate);
  else if (next.do === 'spoil a telling') desk.tellings.push(next.fate);
  else if (next.do === 'fail to read') desk.readsToFail++;
  else if (next.do === 'nudge') session.send({ type: 'session.nudged' });
  else {
    clock.increment(next.ms);
    await settle();
  }
}
