import { assign, setup } from 'xstate';

const ports = setup({
  types: {
    context: {} as CircuitBreakerContext,
    events: {} as CircuitBreakerEvent,
  },
  actions: {
    // Requests, carried out by the actor.
    allowTrial: () => {},
    denyTrial: () => {},
    // The machine's own bookkeeping.
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    noteFailure: assign({
      lastFailure: ({ context, event }) =>
        event.type === 'call.failed' ? event.message : context.lastFailure,
    }),
    countOpening: assign({ openings: ({ context }) => context.openings + 1 }),
    countSuccess: assign({ successes: ({ context }) => context.successes + 1 }),
    beginTrials: assign({ successes: 0 }),
    forgetFailures: assign({ failures: 0 }),
    forgetAll: assign({ failures: 0, openings: 0, successes: 0 }),
  },
  guards: {
    isLastStraw: ({ context }) => context.failures + 1 >= FAILURES_TO_OPEN,
    isEnough: ({ context }) => context.successes + 1 >= SUCCESSES_TO_CLOSE,
  },
  delays: {
    cooldown: ({ context }) => cooldownMs(context.openings),
  },
});

/**
 * Whether a model's server is worth asking. One that failed again and again is left alone for a while, so that nobody
 * waits for it, and then tried with one call at a time.
 *
 * | state             | what happens                                                                          |
 * |-------------------|---------------------------------------------------------------------------------------|
 * | closed            | calls go through; five failures in a row open it                                      |
 * | open              | no call goes through; after the cooldown, half a minute and doubled each time, trials |
 * | halfOpen.waiting  | the next call may try                                                                 |
 * | halfOpen.trying   | one call tries, others are told no; the second success closes it, a failure opens it  |
 *
 * A trial that ends without saying how (its user stopped it, its actor died) makes room for the next.
 */
export const circuitBreakerMachine = ports.createMachine({
  id: 'circuit-breaker',
  context: { failures: 0, openings: 0, successes: 0, lastFailure: null },
  initial: 'closed',
  on: { 'trial.asked': { actions: 'denyTrial' } },
  states: {
    closed: {
      description: 'All is well: calls go through.',
      on: {
        'trial.asked': { actions: 'allowTrial' },
        'call.succeeded': { actions: 'forgetFailures' },
        'call.failed': [
          { guard: 'isLastStraw', target: 'open', actions: ['countFailure', 'noteFailure'] },
          { actions: ['countFailure', 'noteFailure'] },
        ],
      },
    },
    open: {
      description: 'It failed too often: no call goes through.',
      tags: 'trouble',
      entry: 'countOpening',
      after: { cooldown: 'halfOpen' },
    },
    halfOpen: {
      description: 'Tried carefully, one call at a time.',
      entry: 'beginTrials',
      initial: 'waiting',
      on: { 'call.failed': { target: 'open', actions: 'noteFailure' } },
      states: {
        waiting: {
          description: 'The next call may try.',
          on: { 'trial.asked': { target: 'trying', actions: 'allowTrial' } },
        },
        trying: {
          description: 'One call tries.',
          on: {
            'trial.ended': 'waiting',
            'call.succeeded': [
              { guard: 'isEnough', target: '#circuit-breaker.closed', actions: 'forgetAll' },
              { target: 'waiting', actions: 'countSuccess' },
            ],
          },
        },
      },
    },
  },
});

export interface CircuitBreakerContext {
  /** In a row, while closed. */
  readonly failures: number;
  /** Since it was last closed. */
  readonly openings: number;
  /** Trials that went well since it was last open. */
  readonly successes: number;
  /** What the latest failure was, for people. */
  readonly lastFailure: string | null;
}

export type CircuitBreakerEvent =
  /** Somebody wants to know whether they may call. */
  | { readonly type: 'trial.asked'; readonly ask: { reply(allowed: boolean): void } }
  /** The call that tried is over, however it ended. */
  | { readonly type: 'trial.ended' }
  | { readonly type: 'call.succeeded' }
  | { readonly type: 'call.failed'; readonly message: string };

const FAILURES_TO_OPEN = 5;
const SUCCESSES_TO_CLOSE = 2;
const SHORTEST_COOLDOWN_MS = 30_000;
const LONGEST_COOLDOWN_MS = 300_000;

/** @param openings since it was last closed, 1 for the first */
export const cooldownMs = (openings: number): number =>
  Math.min(LONGEST_COOLDOWN_MS, SHORTEST_COOLDOWN_MS * 2 ** (openings - 1));
