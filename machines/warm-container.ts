import { assign, fromCallback, fromPromise, setup } from 'xstate';

/** The effects of a warm container. */
export interface WarmContainerDesk {
  /** Creates and starts it, or takes over the one that an earlier life of the actor started. */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Tells how many commands run in it, now and whenever that changes, and when it has ended without being told to.
   *
   * @returns ends the telling
   */
  attend(tell: (event: WarmContainerEvent) => void): () => void;
  /** Nobody is let in any more. */
  close(): void;
  /** It is gone, with everything in it but the files. */
  remove(): Promise<void>;
}

export type WarmContainerEvent =
  | { readonly type: 'commands.counted'; readonly running: number }
  | { readonly type: 'container.ended' };

interface Work {
  readonly desk: WarmContainerDesk;
}

const ports = setup({
  types: {
    context: {} as WarmContainerContext,
    input: {} as WarmContainerInput,
    events: {} as WarmContainerEvent,
  },
  actors: {
    start: fromPromise<void, Work>(({ input, signal }) => input.desk.start(signal)),
    attend: fromCallback<WarmContainerEvent, Work>(({ input, sendBack }) => input.desk.attend(sendBack)),
    remove: fromPromise<void, Work>(({ input }) => input.desk.remove()),
  },
  actions: {
    close: ({ context }) => context.desk.close(),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  },
  guards: {
    isUsed: ({ event }) => event.type === 'commands.counted' && event.running > 0,
    isUnused: ({ event }) => event.type === 'commands.counted' && event.running === 0,
    isHopeless: ({ context }) => context.failures >= MAX_REMOVALS,
  },
  delays: {
    idle: ({ context }) => context.idleMs,
    pause: ({ context }) => PAUSE_MS * 2 ** context.failures,
  },
});

const deskOf = ({ context }: { readonly context: WarmContainerContext }): Work => ({ desk: context.desk });

/**
 * A container that is kept for the commands of one conversation.
 *
 * | state     | waits for                                   | and then                                          |
 * |-----------|---------------------------------------------|---------------------------------------------------|
 * | starting  | the container to be up                      | it rests; where it could not be had, it is removed |
 * | resting   | a command, for so many minutes              | works; or is removed, because nobody came         |
 * | working   | the last of its commands                    | rests                                             |
 * | removing  | that nothing is left of it                  | gone; where the daemon fails, once more           |
 * | pausing   | a moment, longer each time                  | tries again to remove it                          |
 * | gone      | nothing                                     | the next command has another one                  |
 *
 * One that ends by itself, killed or because its daemon is gone, is removed from whatever state.
 */
export const warmContainerMachine = ports.createMachine({
  id: 'warm-container',
  context: ({ input }) => ({ ...input, failures: 0 }),
  initial: 'starting',
  states: {
    starting: {
      description: 'The container is created and started.',
      invoke: { src: 'start', input: deskOf, onDone: 'up', onError: 'removing' },
    },
    up: {
      description: 'Commands can be run in it.',
      invoke: { src: 'attend', input: deskOf, onError: 'removing' },
      on: { 'container.ended': 'removing' },
      initial: 'resting',
      states: {
        resting: {
          description: 'Nobody uses it. After some minutes it is removed.',
          after: { idle: '#warm-container.removing' },
          on: { 'commands.counted': { guard: 'isUsed', target: 'working' } },
        },
        working: {
          description: 'Commands run in it.',
          on: { 'commands.counted': { guard: 'isUnused', target: 'resting' } },
        },
      },
    },
    removing: {
      description: 'It is removed, and nobody is let in.',
      entry: 'close',
      invoke: {
        src: 'remove',
        input: deskOf,
        onDone: 'gone',
        onError: [
          { guard: 'isHopeless', target: 'gone' },
          { target: 'pausing', actions: 'countFailure' },
        ],
      },
    },
    pausing: {
      description: 'The daemon did not remove it. It is asked again in a while.',
      tags: 'trouble',
      after: { pause: 'removing' },
    },
    gone: { description: 'Nothing is left of it.', type: 'final' },
  },
});

export interface WarmContainerInput {
  readonly desk: WarmContainerDesk;
  /** How long it is kept after its last command, in milliseconds. */
  readonly idleMs: number;
}

export interface WarmContainerContext extends WarmContainerInput {
  /** To remove it. */
  readonly failures: number;
}

/** Then it is left to the next start of the program, which removes what it finds. */
const MAX_REMOVALS = 5;
const PAUSE_MS = 1_000;
