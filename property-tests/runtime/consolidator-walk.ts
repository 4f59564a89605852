import {
  backOffMs,
  type ConsolidatorContext,
  type ConsolidatorDesk,
  consolidatorMachine,
} from '../../machines/consolidator.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what its effects come back with is among the outputs of the walk. */
const desk: ConsolidatorDesk = { look: never, tidy: never, end: never };

/** More failures make no difference: the longest wait has been reached by then. */
const FAILURES = 11;

export const consolidatorWalk: MachineWalk = walkOf(consolidatorMachine, {
  input: { desk, firstLookMs: 1_000 },
  abstraction: ({ failures }: ConsolidatorContext) => ({ failures: Math.min(failures, FAILURES) }),
  events: () => [],
  outputs: {
    look: [{ kind: 'due' }, { kind: 'busy' }, { kind: 'later', waitMs: 5_000 }],
    tidy: ['done', 'disturbed'],
  },
  unrequested: [],
  idle: ['idle'],
  invariants: {
    'it backs off only after a failure': ({ value, context }) =>
      value !== 'backingOff' || context.failures > 0,
    'no wait after a failure is longer than six hours': ({ context }) =>
      backOffMs(Math.max(1, context.failures)) <= 6 * 3_600_000,
  },
});
