import { type MemoryIndexerContext, memoryIndexerMachine, pauseMs } from '../../machines/memory-indexer.ts';
import { type MachineWalk, walkOf } from './walk.ts';

/** More failures make no difference: the longest pause has been reached by then. */
const FAILURES = 9;

export const memoryIndexerWalk: MachineWalk = walkOf(memoryIndexerMachine, {
  input: undefined,
  abstraction: ({ failures }: MemoryIndexerContext) => Math.min(failures, FAILURES),
  events: () => [],
  outputs: { look: [true, false], makeVectors: [{ trouble: null }, { trouble: 'down' }] },
  unrequested: [],
  idle: ['idle', 'looking', 'embedding', 'pausing'],
  invariants: {
    'it pauses only after a failure': ({ value, context }) => value !== 'pausing' || context.failures > 0,
    'no pause is longer than ten minutes': ({ context }) => pauseMs(Math.max(1, context.failures)) <= 600_000,
  },
});
