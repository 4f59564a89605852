import {
  type HeartbeatContext,
  type HeartbeatDesk,
  heartbeatBackOffMs,
  heartbeatMachine,
} from '../../machines/heartbeat.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what its effects come back with is among the outputs of the walk. */
const desk: HeartbeatDesk = { look: never, beat: never };

/** More failures make no difference: the longest wait has been reached by then. */
const FAILURES = 11;

export const heartbeatWalk: MachineWalk = walkOf(heartbeatMachine, {
  input: { desk, firstLookMs: 1_000 },
  abstraction: ({ failures, beat }: HeartbeatContext) => ({
    failures: Math.min(failures, FAILURES),
    holds: beat !== null,
  }),
  events: () => [{ type: 'beat.wanted' }],
  outputs: {
    look: [
      { kind: 'due', beat: { dueAt: '2026-01-01T00:00:00.000Z', attempt: 1 } },
      { kind: 'later', waitMs: 5_000 },
    ],
    beat: [{ kind: 'silent' }, { kind: 'told' }, { kind: 'failed', waitMs: 5_000 }],
  },
  unrequested: [],
  idle: ['idle'],
  invariants: {
    'it holds a beat while it beats, and at no other time': ({ value, context }) =>
      (value === 'beating') === (context.beat !== null),
    'no wait after it broke down is longer than six hours': ({ context }) =>
      heartbeatBackOffMs(Math.max(1, context.failures)) <= 6 * 3_600_000,
  },
});
