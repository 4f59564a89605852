import { assign, fromPromise, setup } from 'xstate';

/** What the engine does; provided from outside. */
export interface Round {
  /** Routines that were made, changed or removed since the last round, by id. */
  readonly changed: readonly string[];
}

export type RoutineEngineEvent =
  /** Something may have to be done before the timer rings. */
  { readonly type: 'engine.woken'; readonly changed?: string };

export interface RoutineEngineContext {
  readonly changed: readonly string[];
  readonly woken: boolean;
  /** Until the next round, in milliseconds. */
  readonly waitMs: number;
  readonly loaded: boolean;
  /** Since a round last came to its end. */
  readonly failures: number;
}

const ports = setup({
  types: { context: {} as RoutineEngineContext, events: {} as RoutineEngineEvent },
  actors: {
    load: fromPromise<void, void>(async () => {}),
    /** Resolves to the milliseconds until something is due. */
    round: fromPromise<number, Round>(async () => LONGEST_WAIT_MS),
  },
  actions: {
    note: assign(({ context, event }) => ({
      woken: true,
      changed:
        'changed' in event && event.changed !== undefined
          ? [...context.changed, event.changed]
          : context.changed,
    })),
    begin: assign({ woken: false }),
    finish: assign((_, waitMs: number) => ({ changed: [], waitMs, failures: 0 })),
    markLoaded: assign({ loaded: true }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
  },
  guards: {
    wasWoken: ({ context }) => context.woken,
    isLoaded: ({ context }) => context.loaded,
  },
  delays: {
    /** Clocks jump and machines sleep: it looks again after a while, however far off the next time is. */
    nextTime: ({ context }) => Math.min(LONGEST_WAIT_MS, Math.max(1, context.waitMs)),
    backOff: ({ context }) => roundBackOffMs(context.failures),
  },
});

/**
 * Sees to it that routines begin when their time has come.
 *
 * | state      | what happens                                                   | and then                              |
 * |------------|----------------------------------------------------------------|---------------------------------------|
 * | loading    | an actor is started for each routine, a page at a time         | the first round                       |
 * | working    | a round: what is due is claimed, what may begin is begun       | another where it was woken, or a rest |
 * | sleeping   | the time until something is due, 30 s at most                  | a round; at once where it is woken    |
 * | backingOff | something failed: half a second, doubled up to 30 s            | it goes on where it was               |
 *
 * It knows nothing that is not on record, so that it can be stopped anywhere.
 */
export const routineEngineMachine = ports.createMachine({
  id: 'routine-engine',
  context: { changed: [], woken: false, waitMs: 0, loaded: false, failures: 0 },
  initial: 'loading',
  states: {
    loading: {
      description: 'Starts an actor for each routine.',
      invoke: {
        src: 'load',
        onDone: { target: 'working', actions: 'markLoaded' },
        onError: { target: 'backingOff', actions: 'countFailure' },
      },
      on: { 'engine.woken': { actions: 'note' } },
    },
    working: {
      description: 'Claims what is due and begins what may begin.',
      entry: 'begin',
      invoke: {
        src: 'round',
        input: ({ context }) => ({ changed: context.changed }),
        onDone: [
          {
            guard: 'wasWoken',
            target: 'working',
            reenter: true,
            actions: assign({ failures: 0 }),
          },
          { target: 'sleeping', actions: { type: 'finish', params: ({ event }) => event.output } },
        ],
        onError: { target: 'backingOff', actions: 'countFailure' },
      },
      on: { 'engine.woken': { actions: 'note' } },
    },
    sleeping: {
      description: 'Waits until something is due.',
      after: { nextTime: 'working' },
      on: { 'engine.woken': { target: 'working', actions: 'note' } },
    },
    backingOff: {
      description: 'Something failed. It waits, longer each time.',
      tags: 'trouble',
      after: { backOff: [{ guard: 'isLoaded', target: 'working' }, { target: 'loading' }] },
      on: { 'engine.woken': { actions: 'note' } },
    },
  },
});

export const LONGEST_WAIT_MS = 30_000;

/** @param failures since a round last came to its end, 1 for the first */
export const roundBackOffMs = (failures: number): number =>
  Math.min(LONGEST_WAIT_MS, 500 * 2 ** (failures - 1));
