import {
  type CircuitBreakerContext,
  type CircuitBreakerEvent,
  circuitBreakerMachine,
  cooldownMs,
} from '../../machines/circuit-breaker.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const EVENTS: readonly CircuitBreakerEvent[] = [
  { type: 'trial.asked', ask: { reply: () => {} } },
  { type: 'trial.ended' },
  { type: 'call.succeeded' },
  { type: 'call.failed', message: 'down' },
];

/** More openings make no difference: the longest cooldown has been reached by then. */
const OPENINGS = 6;

export const circuitBreakerWalk: MachineWalk = walkOf(circuitBreakerMachine, {
  input: undefined,
  abstraction: ({ failures, openings, successes }: CircuitBreakerContext) => ({
    failures,
    openings: Math.min(openings, OPENINGS),
    successes,
  }),
  events: () => EVENTS,
  unrequested: ['call.failed', 'trial.ended'],
  idle: ['closed'],
  invariants: {
    'it is closed only while fewer than five calls in a row have failed': ({ value, context }) =>
      value !== 'closed' || context.failures < 5,
    'closed, it has forgotten how often it was open': ({ value, context }) =>
      value !== 'closed' || context.openings === 0,
    'it says what failed': ({ value, context }) => value === 'closed' || context.lastFailure !== null,
    'no model is left alone for more than five minutes': ({ context }) =>
      cooldownMs(Math.max(1, context.openings)) <= 300_000,
  },
});
