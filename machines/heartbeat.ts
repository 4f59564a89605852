import { assign, fromPromise, setup } from 'xstate';

/** The heartbeat's effects. */
export interface HeartbeatDesk {
  /** Whether a beat is due. Claims it where it is, so that nobody else does it. */
  look(signal: AbortSignal): Promise<HeartbeatLook>;
  /** Asks the model, and tells the user where there is something to tell. */
  beat(beat: Beat, signal: AbortSignal): Promise<BeatEnd>;
}

/** One time when it was due, or wanted. */
export interface Beat {
  /** Names it; ISO 8601. */
  readonly dueAt: string;
  /** How often it was begun, this time included: more than once where the process died in between. */
  readonly attempt: number;
}

export type HeartbeatLook =
  | { readonly kind: 'due'; readonly beat: Beat }
  /** Not the time, quiet hours, nothing to do, or switched off. */
  | { readonly kind: 'later'; readonly waitMs: number };

export type BeatEnd =
  | { readonly kind: 'silent' | 'told' }
  /** No answer; `waitMs` until the next beat, longer each time. */
  | { readonly kind: 'failed'; readonly waitMs: number };

interface Work {
  readonly desk: HeartbeatDesk;
}

const ports = setup({
  types: {
    context: {} as HeartbeatContext,
    input: {} as HeartbeatInput,
    events: {} as HeartbeatEvent,
  },
  actors: {
    look: fromPromise<HeartbeatLook, Work>(({ input, signal }) => input.desk.look(signal)),
    beat: fromPromise<BeatEnd, Work & { readonly beat: Beat | null }>(({ input, signal }) =>
      input.beat ? input.desk.beat(input.beat, signal) : Promise.resolve({ kind: 'silent' }),
    ),
  },
  actions: {
    wait: assign((_, { waitMs }: { readonly waitMs: number }) => ({ waitMs })),
    hold: assign((_, beat: Beat | null) => ({ beat })),
    forgetFailures: assign({ failures: 0 }),
    countFailure: assign(({ context }) => ({
      failures: context.failures + 1,
      waitMs: heartbeatBackOffMs(context.failures + 1),
    })),
  },
  guards: {
    isDue: (_, { kind }: HeartbeatLook) => kind === 'due',
    hasFailed: (_, { kind }: BeatEnd) => kind === 'failed',
  },
  delays: { wait: ({ context }) => context.waitMs },
});

/** What an invoked actor ended with. */
const outputOf = <Output>({ event }: { readonly event: { readonly output: Output } }): Output => event.output;

const broken = { target: 'backingOff', actions: 'countFailure' } as const;

/**
 * When the assistant looks by itself whether something needs the user's attention.
 *
 * | state      | waits for                                       | and then                                      |
 * |------------|-------------------------------------------------|-----------------------------------------------|
 * | idle       | the time of the next beat, or that one is wanted | it looks                                      |
 * | looking    | whether a beat is due, and for its claim        | beats; or goes back to be idle                |
 * | beating    | the model's answer, and that it is told         | looks again; a failure makes it back off      |
 * | backingOff | after a failure, longer each time               | it looks again; so it does where one is wanted |
 *
 * It has no end: a heartbeat that fails says so once, waits longer, and never stops for good. Which beats took place is
 * in the database, so it is started anew at any point.
 */
export const heartbeatMachine = ports.createMachine({
  id: 'heartbeat',
  context: ({ input }) => ({ desk: input.desk, waitMs: input.firstLookMs, failures: 0, beat: null }),
  initial: 'idle',
  states: {
    idle: {
      description: 'Waits for the time of the next beat.',
      after: { wait: 'looking' },
      on: { 'beat.wanted': 'looking' },
    },
    looking: {
      description: 'Is a beat due, and is there anything to look after?',
      invoke: {
        src: 'look',
        input: ({ context }) => ({ desk: context.desk }),
        onDone: [
          {
            guard: { type: 'isDue', params: outputOf },
            target: 'beating',
            actions: {
              type: 'hold',
              params: ({ event }) => (event.output.kind === 'due' ? event.output.beat : null),
            },
          },
          {
            target: 'idle',
            actions: [
              {
                type: 'wait',
                params: ({ event }) => ({ waitMs: event.output.kind === 'later' ? event.output.waitMs : 0 }),
              },
              'forgetFailures',
            ],
          },
        ],
        onError: broken,
      },
    },
    beating: {
      description: 'The model looks at what there is.',
      invoke: {
        src: 'beat',
        input: ({ context }) => ({ desk: context.desk, beat: context.beat }),
        onDone: [
          {
            guard: { type: 'hasFailed', params: outputOf },
            target: 'backingOff',
            actions: {
              type: 'wait',
              params: ({ event }) => ({ waitMs: event.output.kind === 'failed' ? event.output.waitMs : 0 }),
            },
          },
          { target: 'looking', actions: 'forgetFailures' },
        ],
        onError: broken,
      },
      exit: { type: 'hold', params: null },
    },
    backingOff: {
      description: 'A beat failed. It waits, longer each time.',
      tags: 'trouble',
      after: { wait: 'looking' },
      on: { 'beat.wanted': 'looking' },
    },
  },
});

export interface HeartbeatInput {
  readonly desk: HeartbeatDesk;
  /** From the start to the first look, in milliseconds. */
  readonly firstLookMs: number;
}

/** Somebody wants a beat now; what they want is in the database. */
export interface HeartbeatEvent {
  readonly type: 'beat.wanted';
}

export interface HeartbeatContext {
  readonly desk: HeartbeatDesk;
  /** Until the next look, in milliseconds. */
  readonly waitMs: number;
  /** Times in a row that looking or beating broke down altogether, as where the database is away. */
  readonly failures: number;
  /** Claimed, and under way. */
  readonly beat: Beat | null;
}

const FIRST_BACK_OFF_MS = 60_000;
const LONGEST_BACK_OFF_MS = 6 * 3_600_000;

/** @param failures in a row, 1 for the first */
export const heartbeatBackOffMs = (failures: number): number =>
  Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
