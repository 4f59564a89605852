import { assign, fromCallback, setup, stopChild } from 'xstate';

/** A routine's effects. */
export interface RoutinePort {
  /** Works on a run until it has ended and that is on record. Aborted: lets go of it, and leaves it as it is. */
  run(runId: string, signal: AbortSignal): Promise<void>;
  /** This routine's actor has begun; what of it is under way is to be told to it. */
  started(routineId: string): void;
}

export interface RoutineInput {
  readonly routineId: string;
  readonly port: RoutinePort;
  readonly enabled: boolean;
  /** From one start to the next, in milliseconds. */
  readonly cooldownMs: number;
}

export interface RoutineContext extends RoutineInput {
  /** Ids of the runs under way. */
  readonly live: readonly string[];
  /** Its last start was a short while ago. */
  readonly resting: boolean;
}

export type RoutineEvent =
  | { readonly type: 'routine.changed'; readonly enabled: boolean; readonly cooldownMs: number }
  | { readonly type: 'routine.removed' }
  /** A run has been queued that cannot begin yet. */
  | { readonly type: 'run.waiting' }
  | { readonly type: 'run.begun'; readonly runId: string }
  /** It ended, was skipped, or another took its place. */
  | { readonly type: 'run.ended'; readonly runId: string }
  | { readonly type: 'rest.over' };

interface Work {
  readonly port: RoutinePort;
  readonly runId: string;
}

const ports = setup({
  types: {
    context: {} as RoutineContext,
    events: {} as RoutineEvent,
    input: {} as RoutineInput,
  },
  actors: {
    run: fromCallback<RoutineEvent, Work>(({ input: { port, runId }, sendBack }) => {
      const letGo = new AbortController();
      const over = () => sendBack({ type: 'run.ended', runId });
      // A run that could not be worked on is still open on record, and is found there again.
      port.run(runId, letGo.signal).then(over, over);
      return () => letGo.abort();
    }),
  },
  actions: {
    tellStart: ({ context }) => context.port.started(context.routineId),
    takeChange: assign((_, change: Pick<RoutineContext, 'enabled' | 'cooldownMs'>) => change),
    addRun: assign(({ context }, runId: string) => ({ live: [...context.live, runId], resting: true })),
    dropRun: assign(({ context }, runId: string) => ({ live: context.live.filter((id) => id !== runId) })),
    rested: assign({ resting: false }),
    stopRun: stopChild((_, runId: string) => runId),
  },
  guards: {
    isOn: ({ context }) => context.enabled,
    isAtWork: ({ context }) => context.live.length > 0,
    isNew: ({ context }, runId: string) => !context.live.includes(runId),
    isLast: ({ context }, runId: string) => context.live.every((id) => id === runId),
    isResting: ({ context }) => context.resting && context.cooldownMs > 0,
  },
  delays: {
    /** A timer holds no longer time than this; the rest itself is measured on record. */
    rest: ({ context }) => Math.min(context.cooldownMs, 2 ** 31 - 1),
  },
});

const runOf = ({ event }: { readonly event: { readonly runId: string } }): string => event.runId;

const begun = {
  guard: { type: 'isNew', params: runOf },
  target: '#routine.running',
  actions: [
    { type: 'addRun', params: runOf },
    ports.spawnChild('run', {
      id: ({ event }) => ('runId' in event ? event.runId : ''),
      input: ({ context, event }) => ({ port: context.port, runId: 'runId' in event ? event.runId : '' }),
    }),
    ports.cancel('rest'),
    ports.raise({ type: 'rest.over' }, { id: 'rest', delay: 'rest' }),
  ],
} as const;

const ended = [
  { type: 'stopRun', params: runOf },
  { type: 'dropRun', params: runOf },
] as const;

const changed = {
  target: '.settling',
  actions: { type: 'takeChange', params: ({ event }: { readonly event: RoutineChanged }) => kept(event) },
} as const;

type RoutineChanged = Extract<RoutineEvent, { type: 'routine.changed' }>;

const kept = ({ enabled, cooldownMs }: RoutineChanged) => ({ enabled, cooldownMs });

/**
 * One routine, as far as it is something that waits and works. What it does when is on record; this carries it out.
 *
 * | state       | what it means                                            | left when                                 |
 * |-------------|----------------------------------------------------------|-------------------------------------------|
 * | armed       | it waits for its time, or for what triggers it           | a run begins, or must wait                |
 * | waiting     | a run is queued: others run, or its jitter is not over   | that begins or is skipped                 |
 * | running     | one run or more are under way                            | the last one has ended                    |
 * | coolingDown | nothing but a person can start it yet                    | its rest is over                          |
 * | disabled    | it is switched off; a person can still start it          | it is switched on                         |
 * | settling    | a moment: where to after a change or an end              |                                           |
 * | removed     | it is no more                                            |                                           |
 */
export const routineMachine = ports.createMachine({
  id: 'routine',
  context: ({ input }) => ({ ...input, live: [], resting: false }),
  entry: 'tellStart',
  initial: 'settling',
  on: {
    'routine.changed': changed,
    'routine.removed': '.removed',
    'run.begun': begun,
    'rest.over': { actions: 'rested' },
  },
  states: {
    settling: {
      description: 'Where to, after a change or an end.',
      always: [
        { guard: 'isAtWork', target: 'running' },
        { guard: 'isResting', target: 'coolingDown' },
        { guard: 'isOn', target: 'armed' },
        { target: 'disabled' },
      ],
    },
    armed: {
      description: 'Waits for its time, or for what triggers it.',
      on: { 'run.waiting': 'waiting' },
    },
    waiting: {
      description: 'A run of it waits until it may begin.',
      on: { 'run.ended': 'settling' },
    },
    running: {
      description: 'At least one run of it is under way.',
      on: {
        'run.ended': [
          { guard: { type: 'isLast', params: runOf }, target: 'settling', actions: ended },
          { actions: ended },
        ],
      },
    },
    coolingDown: {
      description: 'It rests after its last start.',
      on: { 'rest.over': { target: 'settling', actions: 'rested' } },
    },
    disabled: { description: 'It is switched off.' },
    removed: { type: 'final', description: 'It is no more.' },
  },
});
