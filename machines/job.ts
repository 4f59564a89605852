import { assign, setup } from 'xstate';
import type { Origin } from '../src/core/journal.ts';
import type { JobState } from '../src/core/work.ts';

const ports = setup({
  types: {
    context: {} as JobContext,
    events: {} as JobEvent,
    input: {} as JobInput,
  },
  actions: {
    // Requests, carried out by the actor.
    move: (_, _params: JobRequests['move']) => {},
    runWork: (_, _params: JobRequests['runWork']) => {},
    repairWork: (_, _params: JobRequests['repairWork']) => {},
    // The machine's own bookkeeping.
    takeEffect: assign(({ event }) => (event.type === 'job.start' ? { effect: event.effect } : {})),
    takeQuiet: assign(({ context, event }) => ({
      quiet: event.type === 'work.ended' ? (event.quiet ?? context.quiet) : context.quiet,
    })),
    takeAcceptance: assign({ accepted: true }),
    countRepair: assign({ attempts: ({ context }) => context.attempts + 1 }),
  },
  guards: {
    hasAnswered: ({ event }) => event.type === 'work.ended' && event.end.outcome === 'answered',
    wasStopped: ({ event }) => event.type === 'work.ended' && event.end.outcome === 'cancelled',
    isTold: ({ context }) => !context.quiet,
    isAccepted: ({ context }) => context.accepted,
    isAcceptance: ({ event }) => event.type === 'job.judge' && event.verdict === 'accept',
    isExhausted: ({ context }) => context.attempts >= context.maxRepairs,
  },
});

type Step = { readonly context: JobContext; readonly event: JobEvent };

/** A step from one state to another, which is put on record with its reason. */
const moving = <From extends JobState, To extends JobState>(
  from: From,
  to: To,
  reason: (step: Step) => string,
) => ({
  type: 'move' as const,
  params: (step: Step) => ({ from, to, reason: reason(step) }),
});

const running = {
  type: 'runWork',
  params: ({ context, event }: Step) => ({
    effect: event.type === 'job.start' ? event.effect : context.effect,
  }),
} as const;

const cancelling = <From extends JobState>(from: From) =>
  ({ target: 'cancelled', actions: moving(from, 'cancelled', reasonOf) }) as const;

/** Its actor crashed again and again on the same step, and nothing is known of what it was doing. */
const failing = <From extends JobState>(from: From) =>
  ({ target: 'failed', actions: moving(from, 'failed', reasonOf) }) as const;

/**
 * A job, from its order to the verdict on its result.
 *
 * | state      | what it means                                                  | and then                              |
 * |------------|----------------------------------------------------------------|---------------------------------------|
 * | pending    | it waits for its turn                                          | it begins; or is cancelled            |
 * | inProgress | it is worked on                                                | it ends; is stuck; is cancelled       |
 * | stuck      | nothing happened for too long: what hangs is started again     | it goes on, so many times; or fails   |
 * | completed  | the work is done, and nobody has been told yet                 | whoever ordered it is told            |
 * | submitted  | the result was put before whoever ordered it                   | the user takes it, or sends it back   |
 * | accepted   | the user took the result                                       |                                       |
 * | failed     | it could not be done, or was not done well                     |                                       |
 * | cancelled  | it is not wanted any more                                      |                                       |
 *
 * Only `inProgress` and `stuck` hold a slot. Each step is recorded with its time and reason. Who is told where nobody
 * waits for the job is told in the commit that completes it, which so leads through `completed` to `submitted`.
 */
export const jobMachine = ports.createMachine({
  id: 'job',
  context: ({ input }) => ({ ...input, accepted: false }),
  initial: 'pending',
  states: {
    pending: {
      description: 'It waits for its turn.',
      on: {
        'job.start': {
          target: 'inProgress',
          actions: ['takeEffect', moving('pending', 'inProgress', () => 'Its turn has come.'), running],
        },
        'job.cancel': cancelling('pending'),
        'job.abandoned': failing('pending'),
      },
    },
    inProgress: {
      description: 'It is worked on.',
      on: {
        'work.ended': [
          {
            guard: 'hasAnswered',
            target: 'completed',
            actions: ['takeQuiet', moving('inProgress', 'completed', () => 'The work is done.')],
          },
          {
            guard: 'wasStopped',
            target: 'cancelled',
            actions: ['takeQuiet', moving('inProgress', 'cancelled', reasonOf)],
          },
          { target: 'failed', actions: ['takeQuiet', moving('inProgress', 'failed', reasonOf)] },
        ],
        'work.unknown': failing('inProgress'),
        'work.stalled': [
          {
            guard: 'isExhausted',
            target: 'stuck',
            actions: moving('inProgress', 'stuck', reasonOf),
          },
          {
            target: 'stuck',
            actions: [
              moving('inProgress', 'stuck', reasonOf),
              { type: 'repairWork', params: ({ context: { attempts } }) => ({ attempt: attempts + 1 }) },
            ],
          },
        ],
        'job.cancel': cancelling('inProgress'),
        'job.abandoned': failing('inProgress'),
      },
    },
    stuck: {
      description: 'Nothing happened for too long. What hangs is started again.',
      tags: 'trouble',
      always: {
        guard: 'isExhausted',
        target: 'failed',
        actions: moving(
          'stuck',
          'failed',
          ({ context: { attempts } }) => `It was taken up again ${times(attempts)} and came no further.`,
        ),
      },
      on: {
        'work.repaired': {
          target: 'inProgress',
          actions: [
            'countRepair',
            moving(
              'stuck',
              'inProgress',
              ({ context: { attempts } }) => `Taken up again, ${times(attempts)} so far.`,
            ),
            running,
          ],
        },
        'job.cancel': cancelling('stuck'),
        'job.abandoned': failing('stuck'),
      },
    },
    completed: {
      description: 'The work is done.',
      always: [
        {
          guard: 'isAccepted',
          target: 'submitted',
          actions: moving('completed', 'submitted', () => 'The user has seen the result.'),
        },
        {
          guard: 'isTold',
          target: 'submitted',
          actions: moving('completed', 'submitted', () => 'Whoever ordered it is told.'),
        },
      ],
      on: {
        'result.read': {
          target: 'submitted',
          actions: moving('completed', 'submitted', () => 'Whoever waited for it has read the result.'),
        },
        'job.judge': [
          { guard: 'isAcceptance', actions: 'takeAcceptance' },
          { target: 'failed', actions: moving('completed', 'failed', reasonOf) },
        ],
        'job.abandoned': failing('completed'),
      },
    },
    submitted: {
      description: 'The result is yours to judge.',
      always: {
        guard: 'isAccepted',
        target: 'accepted',
        actions: moving('submitted', 'accepted', reasonOf),
      },
      on: {
        'job.judge': [
          { guard: 'isAcceptance', actions: 'takeAcceptance' },
          { target: 'failed', actions: moving('submitted', 'failed', reasonOf) },
        ],
        'job.abandoned': failing('submitted'),
      },
    },
    accepted: { description: 'You took the result.', type: 'final' },
    failed: { description: 'It could not be done.', type: 'final' },
    cancelled: { description: 'It was not wanted any more.', type: 'final' },
  },
});

/** States in which nothing is done about a job until somebody says something: they need no actor. */
export const isResting = (state: JobState): boolean => state !== 'inProgress' && state !== 'stuck';

/** Small on purpose: it is written with every step. The order and the result are in the job's row. */
export interface JobContext extends JobInput {
  /** The user took the result. */
  readonly accepted: boolean;
}

export interface JobInput {
  /** Times that it was taken up again. */
  readonly attempts: number;
  readonly maxRepairs: number;
  /** Whoever ordered it waits for its end and reads it there: nobody is told. */
  readonly quiet: boolean;
  /** What becomes of the work where the process dies during it. */
  readonly effect: WorkEffect;
}

export type WorkEffect = 'idempotent' | 'once';

/** What the machine asks of its actor, and with what. */
export interface JobRequests {
  /** Puts a step on record. */
  readonly move: { readonly from: JobState; readonly to: JobState; readonly reason: string };
  readonly runWork: { readonly effect: WorkEffect };
  /** Starts what hangs again. `attempt` counts from 1. */
  readonly repairWork: { readonly attempt: number };
}

export type JobEvent =
  /** `orderId`: of the message that its order is. */
  | { readonly type: 'job.start'; readonly orderId: string; readonly effect: WorkEffect }
  | { readonly type: 'job.cancel'; readonly inboxId: string; readonly reason: string }
  | {
      readonly type: 'job.judge';
      readonly inboxId: string;
      readonly verdict: 'accept' | 'reject';
      readonly reason: string | null;
    }
  /** `quiet`: as it counts now, where that was looked up. */
  | { readonly type: 'work.ended'; readonly end: WorkEnd; readonly quiet?: boolean }
  /** It was under way when the process died, and must not simply be repeated. */
  | { readonly type: 'work.unknown' }
  | { readonly type: 'work.stalled'; readonly reason: string }
  | { readonly type: 'work.repaired' }
  | { readonly type: 'result.read'; readonly inboxId: string }
  /** Given up after it crashed again and again on the same step. */
  | { readonly type: 'job.abandoned'; readonly reason: string };

/** How the work ended. `costMicroUsd`: millionths of a US dollar, as far as its budget does not have them. */
export interface WorkEnd {
  readonly outcome: 'answered' | 'limited' | 'failed' | 'cancelled';
  readonly text: string;
  readonly origins: readonly Origin[];
  readonly tokens: number;
  readonly costMicroUsd: number;
}

const LONGEST_REASON = 500;

function reasonOf({ event }: Step): string {
  switch (event.type) {
    case 'work.ended':
      return ENDS[event.end.outcome] ?? event.end.text.slice(0, LONGEST_REASON);
    case 'work.unknown':
      return 'The process ended while it ran: it may or may not have happened, and was not repeated.';
    case 'job.judge':
      return (
        event.reason ?? (event.verdict === 'accept' ? 'The user took the result.' : 'The user sent it back.')
      );
    case 'job.cancel':
    case 'work.stalled':
    case 'job.abandoned':
      return event.reason;
    default:
      return '';
  }
}

const ENDS: Readonly<Record<string, string>> = {
  cancelled: 'Its work was interrupted in its conversation.',
  limited: 'It reached one of its limits before it was done. What it had is in its result.',
};

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
