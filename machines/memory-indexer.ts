import { assign, fromPromise, setup } from 'xstate';

const ports = setup({
  types: { context: {} as MemoryIndexerContext },
  actors: {
    // Carried out by the actor.
    look: fromPromise<boolean>(async () => false),
    makeVectors: fromPromise<IndexingOutcome>(async () => ({ trouble: null })),
  },
  actions: {
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    forgetFailures: assign({ failures: 0 }),
  },
  guards: {
    mayBeMissing: (_, found: boolean) => found,
    wentWell: (_, { trouble }: IndexingOutcome) => trouble === null,
  },
  delays: {
    interval: () => LOOK_MS,
    pause: ({ context }) => pauseMs(context.failures),
  },
});

/**
 * Sees to it that every text in memory has its vector.
 *
 * | state     | what happens                                                                               |
 * |-----------|--------------------------------------------------------------------------------------------|
 * | idle      | nothing is missing; it looks again after ten seconds                                       |
 * | looking   | the database is asked whether vectors may be missing                                       |
 * | embedding | vectors are made until none is missing                                                     |
 * | pausing   | the model or the database failed; after a while, doubled with each failure, it looks again |
 */
export const memoryIndexerMachine = ports.createMachine({
  id: 'memory-indexer',
  context: { failures: 0 },
  initial: 'idle',
  states: {
    idle: { description: 'Nothing is missing.', after: { interval: 'looking' } },
    looking: {
      description: 'Is any text without its vector?',
      invoke: {
        src: 'look',
        onDone: [
          {
            guard: { type: 'mayBeMissing', params: ({ event }) => event.output },
            target: 'embedding',
          },
          { target: 'idle', actions: 'forgetFailures' },
        ],
        onError: 'pausing',
      },
    },
    embedding: {
      description: 'Vectors are made.',
      invoke: {
        src: 'makeVectors',
        onDone: [
          {
            guard: { type: 'wentWell', params: ({ event }) => event.output },
            target: 'idle',
            actions: 'forgetFailures',
          },
          { target: 'pausing' },
        ],
        onError: 'pausing',
      },
    },
    pausing: {
      description: 'Something failed. It waits, longer each time.',
      tags: 'trouble',
      entry: 'countFailure',
      after: { pause: 'looking' },
    },
  },
});

export interface MemoryIndexerContext {
  /** In a row. */
  readonly failures: number;
}

export interface IndexingOutcome {
  /** What went wrong, for people. */
  readonly trouble: string | null;
}

const LOOK_MS = 10_000;
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;

/** @param failures in a row, 1 for the first */
export const pauseMs = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** (failures - 1));
