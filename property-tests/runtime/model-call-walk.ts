import {
  type ModelCallContext,
  type ModelCallDesk,
  type ModelCallEvent,
  modelCallMachine,
} from '../../machines/model-call.ts';
import type { ModelFailure } from '../../src/core/journal.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what the steps come back with is among the events of the walk. */
const desk: ModelCallDesk = {
  takeSlot: never,
  askBreaker: never,
  reserve: never,
  callModel: never,
  stopAttempt: () => {},
  tellWait: () => {},
  tellNext: () => {},
  finish: () => {},
  defect: () => {},
};

const failed = (failure: ModelFailure, transient: boolean): ModelCallEvent => ({
  type: 'attempt.failed',
  failure,
  transient,
  jitter: 0.5,
});

const BUSY: ModelFailure = { kind: 'rate-limited', message: 'busy' };

const EVENTS: readonly ModelCallEvent[] = [
  { type: 'slot.taken' },
  { type: 'candidate.ready' },
  { type: 'candidate.resting', failure: { kind: 'unavailable', message: 'left alone' } },
  { type: 'budget.reserved' },
  { type: 'budget.refused', failure: { kind: 'budget', message: 'used up' } },
  { type: 'attempt.answered' },
  failed(BUSY, true),
  failed({ ...BUSY, retryAfterMs: 61_000 }, true),
  failed({ kind: 'timeout', message: 'silent' }, true),
  failed({ kind: 'unauthorized', message: 'no' }, false),
  failed({ kind: 'context-too-long', message: 'too long' }, false),
  { type: 'call.cancelled' },
];

const CANDIDATES = 3;
const MAX_TRIES = 3;

export const modelCallWalk: MachineWalk = walkOf(modelCallMachine, {
  input: { desk, candidates: CANDIDATES },
  abstraction: ({ at, tries, failures }: ModelCallContext) => ({
    at,
    tries,
    failed: failures.map((one) => one.at),
  }),
  events: () => EVENTS,
  unrequested: ['call.cancelled', 'candidate.resting', 'budget.refused', 'attempt.failed'],
  invariants: {
    'no candidate is asked more than three times': ({ context }) => context.tries <= MAX_TRIES,
    'nobody is asked who is not there': ({ context }) => context.at < CANDIDATES,
    'a call fails only with a reason': ({ value, context }) =>
      value !== 'failed' || context.failures.length > 0,
    'every candidate before the present one has failed': ({ context: { at, failures } }) =>
      Array.from({ length: at }, (_, earlier) => earlier).every((earlier) =>
        failures.some((one) => one.at === earlier),
      ),
    'no wait is longer than a minute': ({ context }) => context.waitMs <= 60_000,
    'a wait is at least as long as the server asked for': ({ value, context }) =>
      value !== 'backingOff' || context.waitMs >= (context.failures.at(-1)?.failure.retryAfterMs ?? 0),
  },
});
