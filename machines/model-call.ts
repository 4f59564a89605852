import { type AnyActorRef, assign, setup } from 'xstate';
import type { ModelFailure } from '../src/core/journal.ts';

const ports = setup({
  types: {
    context: {} as ModelCallContext,
    events: {} as ModelCallEvent,
    input: {} as ModelCallInput,
  },
  actions: {
    // Requests, carried out by the actor.
    ask: (_, _params: AskParams) => {},
    stopAttempt: () => {},
    tellWait: (_, _params: WaitParams) => {},
    tellNext: (_, _params: CandidateParams) => {},
    finish: (_, _params: ModelCallEnd) => {},
    // The machine's own bookkeeping.
    noteFailure: assign(({ context, event }) => withFailure(context, event)),
    goOnToNext: assign(({ context }) => ({ at: context.at + 1, tries: 0 })),
    planWait: assign(({ context, event }) =>
      event.type === 'attempt.failed' ? { waitMs: backOffMs(context.tries, event) } : {},
    ),
  },
  guards: {
    endsTheCall: ({ event }) => event.type === 'attempt.failed' && isFinal(event.failure),
    isWorthAnotherTry: ({ context, event }) =>
      event.type === 'attempt.failed' && isWorthAnotherTry(context, event),
    hasNext: ({ context }) => hasNext(context),
  },
  delays: {
    backOff: ({ context }) => context.waitMs,
  },
});

const candidateOf = ({ context }: { readonly context: ModelCallContext }): CandidateParams => ({
  at: context.at,
});

/** The next candidate, or the end where there is none. The failure has been noted by then. */
const fail = {
  target: 'failed',
  actions: [
    'noteFailure',
    { type: 'finish', params: ({ context }: { readonly context: ModelCallContext }) => failedEnd(context) },
  ],
} as const;

const next = {
  target: 'choosing',
  reenter: true,
  actions: ['noteFailure', 'goOnToNext', { type: 'tellNext', params: candidateOf }],
} as const;

/**
 * The road of one request to the language models: its turn among the user's other calls, the first candidate that is
 * not resting, the budget, the call itself, and what becomes of its failures.
 *
 * | state      | waits for                                                | and then                                  |
 * |------------|----------------------------------------------------------|-------------------------------------------|
 * | queueing   | a slot: only so many calls run at once                   | the first candidate is looked at          |
 * | choosing   | whether the candidate's breaker lets the call through    | it is reserved for; one that rests is left |
 * | reserving  | the budget                                               | the call is made, or ends                 |
 * | calling    | the model                                                | the answer; another try; the next one     |
 * | backingOff | time                                                     | the same candidate again                  |
 *
 * It ends as `answered`, as `failed` with the failure to tell, or as `cancelled` from wherever it is. A candidate is
 * asked three times at most, and only while its failures are such that asking again may help; all others lead to the
 * next candidate at once. What no other candidate could do better ends the call.
 *
 * Neither context nor events hold what was asked or answered: the desk keeps it.
 */
export const modelCallMachine = ports.createMachine({
  id: 'model-call',
  context: ({ input }) => ({ ...input, at: 0, tries: 0, waitMs: 0, failures: [] }),
  initial: 'queueing',
  on: {
    'call.cancelled': { target: '.cancelled', actions: { type: 'finish', params: { kind: 'cancelled' } } },
  },
  states: {
    queueing: {
      description: 'Waits for its turn: only so many calls run at once.',
      entry: { type: 'ask', params: { step: 'takeSlot', at: 0 } },
      on: { 'slot.taken': 'choosing' },
    },
    choosing: {
      description: 'Is the model well enough to be asked?',
      entry: { type: 'ask', params: ({ context }) => ({ step: 'askBreaker', at: context.at }) },
      on: {
        'candidate.ready': 'reserving',
        'candidate.resting': [{ guard: 'hasNext', ...next }, fail],
      },
    },
    reserving: {
      description: 'Does the budget cover it?',
      entry: { type: 'ask', params: ({ context }) => ({ step: 'reserve', at: context.at }) },
      on: {
        'budget.reserved': 'calling',
        'budget.refused': fail,
      },
    },
    calling: {
      description: 'The model is writing.',
      entry: [
        assign({ tries: ({ context }) => context.tries + 1 }),
        { type: 'ask', params: ({ context }) => ({ step: 'callModel', at: context.at }) },
      ],
      exit: 'stopAttempt',
      on: {
        'attempt.answered': {
          target: 'answered',
          actions: {
            type: 'finish',
            params: ({ context }) => ({ kind: 'answered', at: context.at, failures: context.failures }),
          },
        },
        'attempt.failed': [
          { guard: 'endsTheCall', ...fail },
          { guard: 'isWorthAnotherTry', target: 'backingOff', actions: ['noteFailure', 'planWait'] },
          { guard: 'hasNext', ...next },
          fail,
        ],
      },
    },
    backingOff: {
      description: 'Waits before it asks again.',
      tags: 'trouble',
      entry: {
        type: 'tellWait',
        params: ({ context }) => ({ at: context.at, waitMs: context.waitMs }),
      },
      after: { backOff: 'choosing' },
    },
    answered: { description: 'The answer is there.', type: 'final' },
    failed: { description: 'No model could answer.', tags: 'trouble', type: 'final' },
    cancelled: { description: 'Nobody wants the answer any more.', type: 'final' },
  },
});

export interface ModelCallInput {
  readonly desk: ModelCallDesk;
  /** How many models there are to ask, in their order; one at least. */
  readonly candidates: number;
}

export interface ModelCallContext extends ModelCallInput {
  /** The candidate that is asked, counted from 0. */
  readonly at: number;
  /** Calls of this candidate begun. */
  readonly tries: number;
  /** How long the present wait is, in milliseconds. */
  readonly waitMs: number;
  /** The latest failure of each candidate that was tried, in their order. */
  readonly failures: readonly CandidateFailure[];
}

export interface CandidateFailure {
  readonly at: number;
  readonly failure: ModelFailure;
  /** It was not asked this time: it failed so often of late that it is left alone. */
  readonly rested: boolean;
}

export type ModelCallEvent =
  | { readonly type: 'slot.taken' }
  | { readonly type: 'candidate.ready' }
  /** Its breaker is open. */
  | { readonly type: 'candidate.resting'; readonly failure: ModelFailure }
  | { readonly type: 'budget.reserved' }
  | { readonly type: 'budget.refused'; readonly failure: ModelFailure }
  | { readonly type: 'attempt.answered' }
  | AttemptFailed
  | { readonly type: 'call.cancelled' };

interface AttemptFailed {
  readonly type: 'attempt.failed';
  readonly failure: ModelFailure;
  /** Whether asking the same model again may help. */
  readonly transient: boolean;
  /** From 0 to below 1: where in its range the next wait lies. */
  readonly jitter: number;
}

/** What is done for the machine in each state. Each step answers with an event. */
export interface ModelCallSteps {
  takeSlot(at: number, call: AnyActorRef): StepAnswer;
  askBreaker(at: number, call: AnyActorRef): StepAnswer;
  reserve(at: number): StepAnswer;
  callModel(at: number): StepAnswer;
}

export type StepAnswer = ModelCallEvent | Promise<ModelCallEvent>;
export type ModelCallStep = keyof ModelCallSteps;

/** Everything of one call that the statechart may not see, and what is done with it. */
export interface ModelCallDesk extends ModelCallSteps {
  /** The call that is under way is given up. */
  stopAttempt(): void;
  tellWait(wait: WaitParams): void;
  tellNext(candidate: CandidateParams): void;
  finish(end: ModelCallEnd): void;
  /** A step threw: a defect of ours. */
  defect(thrown: unknown): void;
}

interface AskParams extends CandidateParams {
  readonly step: ModelCallStep;
}

interface CandidateParams {
  readonly at: number;
}

interface WaitParams extends CandidateParams {
  readonly waitMs: number;
}

export type ModelCallEnd =
  | { readonly kind: 'answered'; readonly at: number; readonly failures: readonly CandidateFailure[] }
  | { readonly kind: 'failed'; readonly failures: readonly CandidateFailure[] }
  | { readonly kind: 'cancelled' };

const MAX_TRIES = 3;
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A server that wants to be left alone for longer is left alone. */
const LONGEST_RETRY_AFTER_MS = 60_000;
const JITTER = 0.25;

/** What the same request would meet everywhere, or what ends it by its nature. */
function isFinal({ kind }: ModelFailure): boolean {
  return kind === 'context-too-long' || kind === 'interrupted' || kind === 'budget';
}

function hasNext({ at, candidates }: ModelCallContext): boolean {
  return at + 1 < candidates;
}

/** A server that said nothing until the time was up has cost minutes already: others are asked first. */
function isWorthAnotherTry(context: ModelCallContext, { failure, transient }: AttemptFailed): boolean {
  if (!transient || context.tries >= MAX_TRIES) return false;
  if (failure.retryAfterMs !== undefined && failure.retryAfterMs > LONGEST_RETRY_AFTER_MS) return false;
  return failure.kind !== 'timeout' || !hasNext(context);
}

/** Doubled with each try, a quarter more or less, and at least as long as the server asked for. */
function backOffMs(tries: number, { failure, jitter }: AttemptFailed): number {
  const wait = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** (tries - 1));
  const spread = wait * (1 - JITTER + 2 * JITTER * jitter);
  return Math.round(Math.max(spread, failure.retryAfterMs ?? 0));
}

function withFailure(context: ModelCallContext, event: ModelCallEvent): Partial<ModelCallContext> {
  if (!('failure' in event)) return {};
  const { at, failures } = context;
  const rested = event.type === 'candidate.resting';
  // What its breaker says is no news where it was asked just before.
  if (rested && failures.some((one) => one.at === at)) return {};
  return { failures: [...failures.filter((one) => one.at !== at), { at, failure: event.failure, rested }] };
}

function failedEnd({ failures }: ModelCallContext): ModelCallEnd {
  return { kind: 'failed', failures };
}
