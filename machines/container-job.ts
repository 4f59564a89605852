import { assign, fromPromise, setup } from 'xstate';

/** Why the work in a container came to its end. */
export type ContainerEnding =
  /** The work itself said so. */
  | 'told'
  | 'cancelled'
  /** It is to begin anew in another container, from where it was. */
  | 'stuck'
  | 'overdue'
  | 'out-of-memory'
  | 'disk-full'
  /** It ended again and again without a word. */
  | 'died'
  | 'image-missing'
  /** There is no daemon to be had. */
  | 'unavailable'
  /** The daemon would not. */
  | 'refused';

/** What a step came to: what is next, or why this is the end. */
export type ContainerStep =
  | { readonly next: 'running' | 'absent' | 'created' | 'died' | 'lost' }
  | { readonly next: 'ended'; readonly ending: ContainerEnding };

/** The effects of one container. What rejects counts as lost. */
export interface ContainerJobDesk {
  /** What there is of earlier lives of this program. */
  look(signal: AbortSignal): Promise<ContainerStep>;
  /** Everything that the container will need, on disk before it is there. */
  create(signal: AbortSignal): Promise<ContainerStep>;
  start(signal: AbortSignal): Promise<ContainerStep>;
  /** Until something ends it. */
  watch(signal: AbortSignal): Promise<ContainerStep>;
  /** It is asked to end, and killed where it does not. */
  stop(ending: ContainerEnding, signal: AbortSignal): Promise<void>;
  /** The end is put on record; nobody may speak for it any more; nothing is left of it. */
  collect(ending: ContainerEnding, signal: AbortSignal): Promise<void>;
}

interface Work {
  readonly desk: ContainerJobDesk;
}

interface EndedWork extends Work {
  readonly ending: ContainerEnding;
}

const ports = setup({
  types: {
    context: {} as ContainerJobContext,
    input: {} as Work,
    events: {} as ContainerJobEvent,
  },
  actors: {
    look: fromPromise<ContainerStep, Work>(({ input, signal }) => input.desk.look(signal)),
    create: fromPromise<ContainerStep, Work>(({ input, signal }) => input.desk.create(signal)),
    start: fromPromise<ContainerStep, Work>(({ input, signal }) => input.desk.start(signal)),
    watch: fromPromise<ContainerStep, Work>(({ input, signal }) => input.desk.watch(signal)),
    stop: fromPromise<void, EndedWork>(({ input, signal }) => input.desk.stop(input.ending, signal)),
    collect: fromPromise<void, EndedWork>(({ input, signal }) => input.desk.collect(input.ending, signal)),
  },
  actions: {
    setEnding: assign((_, { ending }: { readonly ending: ContainerEnding }) => ({ ending })),
    countLoss: assign({ losses: ({ context }) => context.losses + 1 }),
    forgetLosses: assign({ losses: 0 }),
  },
  guards: {
    isNext: (_, { step, next }: { readonly step: ContainerStep; readonly next: ContainerStep['next'] }) =>
      step.next === next,
    isGivenUp: ({ context }) => context.losses >= MOST_LOSSES,
  },
  delays: {
    pause: ({ context }) => lossPauseMs(context.losses),
    again: () => AGAIN_MS,
  },
});

type Done = { readonly event: { readonly output: ContainerStep } };

/** Of several ways on, the one that the step came to. */
const to = <Next extends ContainerStep['next'], Target extends string>(next: Next, target: Target) =>
  ({
    guard: { type: 'isNext', params: ({ event }: Done) => ({ step: event.output, next }) },
    target,
  }) as const;

/** Nothing else was left. */
const ended = <Target extends string>(target: Target) =>
  ({
    target,
    actions: {
      type: 'setEnding',
      params: ({ event }: Done) => ({
        ending: event.output.next === 'ended' ? event.output.ending : ('died' as const),
      }),
    },
  }) as const;

const lost = { target: 'waiting', actions: 'countLoss' } as const;

const given = ({ context }: { readonly context: ContainerJobContext }) => ({ desk: context.desk });
const givenEnding = ({ context }: { readonly context: ContainerJobContext }) => ({
  desk: context.desk,
  ending: context.ending,
});

const unwanted = {
  'work.unwanted': {
    target: 'stopping',
    actions: { type: 'setEnding', params: ({ event }) => ({ ending: event.why }) },
  },
} as const satisfies Record<
  string,
  {
    target: string;
    actions: {
      type: 'setEnding';
      params: (args: { readonly event: ContainerJobEvent }) => { readonly ending: ContainerEnding };
    };
  }
>;

/**
 * The container of one job.
 *
 * | state      | waits for                                           | and then                                       |
 * |------------|-----------------------------------------------------|------------------------------------------------|
 * | looking    | what there is of it already, of an earlier life too | goes on with it, or creates it, or is done     |
 * | creating   | folders, sockets and a token of its own             | starts it; ends where there is no image or     |
 * |            |                                                     | daemon, or it died too often                   |
 * | starting   | the daemon                                          | it runs                                        |
 * | running    | the word that it is done; its death; its time       | stops it, or begins another from where it was  |
 * | waiting    | 1 s, doubled up to 30 s, where the daemon was lost  | looks again; gives up after twenty times       |
 * | stopping   | its end; it is killed where it ignores the request  | collects                                       |
 * | collecting | the end on record, its token void, it removed       | removed                                        |
 * | pausing    | 1 s, where that failed                              | collects again                                 |
 * | removed    | nothing                                             |                                                |
 *
 * What counts is on disk: an actor that begins anew looks, and goes on with the container that runs.
 */
export const containerJobMachine = ports.createMachine({
  id: 'container-job',
  context: ({ input }) => ({ desk: input.desk, ending: 'died', losses: 0 }),
  initial: 'looking',
  states: {
    looking: {
      description: 'Is there one already?',
      on: unwanted,
      invoke: {
        src: 'look',
        input: given,
        onDone: [to('running', 'running'), to('absent', 'creating'), ended('collecting')],
        onError: lost,
      },
    },
    creating: {
      description: 'Folders, sockets and a token: all that it will need.',
      on: unwanted,
      invoke: {
        src: 'create',
        input: given,
        onDone: [to('created', 'starting'), ended('collecting')],
        onError: lost,
      },
    },
    starting: {
      description: 'The daemon creates and starts it.',
      on: unwanted,
      invoke: {
        src: 'start',
        input: given,
        onDone: [
          to('running', 'running'),
          { ...to('lost', 'waiting'), actions: 'countLoss' },
          ended('collecting'),
        ],
        onError: lost,
      },
    },
    running: {
      description: 'It works.',
      on: unwanted,
      invoke: {
        src: 'watch',
        input: given,
        onDone: [
          { ...to('died', 'looking'), actions: 'forgetLosses' },
          { ...to('lost', 'waiting'), actions: 'countLoss' },
          ended('stopping'),
        ],
        onError: lost,
      },
    },
    waiting: {
      description: 'The daemon was lost: it waits, longer each time.',
      tags: 'trouble',
      on: unwanted,
      always: {
        guard: 'isGivenUp',
        target: 'collecting',
        actions: { type: 'setEnding', params: { ending: 'unavailable' } },
      },
      after: { pause: 'looking' },
    },
    stopping: {
      description: 'It is asked to end, and killed where it does not.',
      invoke: { src: 'stop', input: givenEnding, onDone: 'collecting', onError: 'collecting' },
    },
    collecting: {
      description: 'The end is put on record, its token is void, it is removed.',
      invoke: { src: 'collect', input: givenEnding, onDone: 'removed', onError: 'pausing' },
    },
    pausing: {
      description: 'The end could not be put on record: it is tried again.',
      tags: 'trouble',
      after: { again: 'collecting' },
    },
    removed: { description: 'Nothing is left of it.', type: 'final' },
  },
});

/** The work is not wanted any more, or not like this. */
export interface ContainerJobEvent {
  readonly type: 'work.unwanted';
  readonly why: 'cancelled' | 'stuck';
}

export interface ContainerJobContext {
  readonly desk: ContainerJobDesk;
  readonly ending: ContainerEnding;
  /** Times in a row that the daemon was lost. */
  readonly losses: number;
}

const AGAIN_MS = 1_000;
const MOST_LOSSES = 20;
const LONGEST_PAUSE_MS = 30_000;

/** @param losses in a row, 1 for the first */
export const lossPauseMs = (losses: number): number =>
  Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.max(0, losses - 1));
