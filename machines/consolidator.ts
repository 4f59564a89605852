import { assign, fromPromise, setup } from 'xstate';

/** What is done to memory, in this order. */
export type TidyPhase = 'merge' | 'fold' | 'evict';

/** The consolidator's effects. */
export interface ConsolidatorDesk {
  /** Whether there is anything to be done now. Takes the lease where there is. */
  look(signal: AbortSignal): Promise<Looked>;
  /** Does one phase; `disturbed` where somebody began to talk. */
  tidy(phase: TidyPhase, signal: AbortSignal): Promise<'done' | 'disturbed'>;
  /** The run is over: the lease is given back. */
  end(signal: AbortSignal): Promise<void>;
}

export type Looked =
  | { readonly kind: 'due' }
  /** Somebody talks, or another process tidies. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'later'; readonly waitMs: number };

interface Work {
  readonly desk: ConsolidatorDesk;
}

const ports = setup({
  types: {
    context: {} as ConsolidatorContext,
    input: {} as ConsolidatorInput,
  },
  actors: {
    look: fromPromise<Looked, Work>(({ input, signal }) => input.desk.look(signal)),
    tidy: fromPromise<'done' | 'disturbed', Work & { readonly phase: TidyPhase }>(({ input, signal }) =>
      input.desk.tidy(input.phase, signal),
    ),
    end: fromPromise<void, Work>(({ input, signal }) => input.desk.end(signal)),
  },
  actions: {
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    forgetFailures: assign({ failures: 0 }),
    setAlarm: assign((_, { waitMs }: { readonly waitMs: number }) => ({ waitMs })),
  },
  guards: {
    isDue: (_, { kind }: Looked) => kind === 'due',
    isBusy: (_, { kind }: Looked) => kind === 'busy',
    wasDisturbed: (_, ended: 'done' | 'disturbed') => ended === 'disturbed',
  },
  delays: {
    nextRun: ({ context }) => context.waitMs,
    pause: () => PAUSE_MS,
    backOff: ({ context }) => backOffMs(context.failures),
  },
});

const failing = { target: 'backingOff', actions: 'countFailure' } as const;

/** What an invoked actor ended with. */
const outputOf = <Output>({ event }: { readonly event: { readonly output: Output } }): Output => event.output;

/** A phase, and what comes after it where nobody disturbs it. */
const phase = <Next extends string>(name: TidyPhase, next: Next, description: string) =>
  ({
    description,
    invoke: {
      src: 'tidy',
      input: ({ context }: { readonly context: ConsolidatorContext }) => ({
        desk: context.desk,
        phase: name,
      }),
      onDone: [{ guard: { type: 'wasDisturbed', params: outputOf }, target: 'paused' }, { target: next }],
      onError: failing,
    },
  }) as const;

/**
 * When memory is tidied, and in which order.
 *
 * | state      | waits for                                       | and then                                      |
 * |------------|-------------------------------------------------|-----------------------------------------------|
 * | idle       | the hour of the next run                        | it looks                                      |
 * | looking    | whether a run is due and nobody is at work      | begins; or pauses; or goes back to be idle    |
 * | merging    | facts that say the same, or cannot both hold    | each step is a commit; somebody who talks     |
 * | folding    | old episodes that become lines of a digest      | makes it pause between two of them            |
 * | evicting   | what nobody missed for long, what a rule drops  |                                               |
 * | ending     | the lease is given back                         | it looks when it is to run again              |
 * | paused     | a minute                                        | it looks again, and begins anew               |
 * | backingOff | after a failure: a minute, doubled up to 6 h    | it looks again                                |
 *
 * Nothing is lost wherever it is stopped: what is to be done follows from what memory holds.
 */
export const consolidatorMachine = ports.createMachine({
  id: 'consolidator',
  context: ({ input }) => ({ desk: input.desk, waitMs: input.firstLookMs, failures: 0 }),
  initial: 'idle',
  states: {
    idle: { description: 'Waits for the hour of the next run.', after: { nextRun: 'looking' } },
    looking: {
      description: 'Is there anything to tidy, and does nobody talk?',
      invoke: {
        src: 'look',
        input: ({ context }) => ({ desk: context.desk }),
        onDone: [
          { guard: { type: 'isDue', params: outputOf }, target: 'merging' },
          { guard: { type: 'isBusy', params: outputOf }, target: 'paused' },
          {
            target: 'idle',
            actions: {
              type: 'setAlarm',
              params: ({ event }) => ({
                waitMs: event.output.kind === 'later' ? event.output.waitMs : PAUSE_MS,
              }),
            },
          },
        ],
        onError: failing,
      },
    },
    merging: phase('merge', 'folding', 'Facts that say the same become one.'),
    folding: phase('fold', 'evicting', 'Old episodes become a digest.'),
    evicting: phase('evict', 'ending', 'What nobody missed is let go.'),
    ending: {
      description: 'The run is over.',
      invoke: {
        src: 'end',
        input: ({ context }) => ({ desk: context.desk }),
        onDone: { target: 'looking', actions: 'forgetFailures' },
        onError: failing,
      },
    },
    paused: { description: 'Somebody talks: it waits a minute.', after: { pause: 'looking' } },
    backingOff: {
      description: 'Something failed. It waits, longer each time.',
      tags: 'trouble',
      after: { backOff: 'looking' },
    },
  },
});

export interface ConsolidatorInput {
  readonly desk: ConsolidatorDesk;
  /** From the start to the first look, in milliseconds. */
  readonly firstLookMs: number;
}

export interface ConsolidatorContext {
  readonly desk: ConsolidatorDesk;
  /** Until the next look, in milliseconds. */
  readonly waitMs: number;
  /** Since a run last came to its end. */
  readonly failures: number;
}

const PAUSE_MS = 60_000;
const LONGEST_BACK_OFF_MS = 6 * 3_600_000;

/** @param failures since a run last came to its end, 1 for the first */
export const backOffMs = (failures: number): number =>
  Math.min(LONGEST_BACK_OFF_MS, PAUSE_MS * 2 ** (failures - 1));
