import type { SnapshotFrom } from 'xstate';
import { isResting, type JobContext, type JobEvent, jobMachine, type WorkEnd } from '../../machines/job.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const end = (outcome: WorkEnd['outcome']): JobEvent => ({
  type: 'work.ended',
  end: { outcome, text: 'text', origins: [], tokens: 1, costMicroUsd: 1 },
});

const verdict = (which: 'accept' | 'reject'): JobEvent => ({
  type: 'job.judge',
  inboxId: 'inbox',
  verdict: which,
  reason: null,
});

/** What the scheduler, the work, the user and the calls that wait may say. */
export const jobEvents: readonly JobEvent[] = [
  { type: 'job.start', orderId: 'order', effect: 'idempotent' },
  { type: 'job.start', orderId: 'order', effect: 'once' },
  end('answered'),
  end('limited'),
  end('failed'),
  end('cancelled'),
  { ...asEnded(end('answered')), quiet: false },
  { type: 'work.unknown' },
  { type: 'work.stalled', reason: 'nothing happened' },
  { type: 'work.repaired' },
  { type: 'job.cancel', inboxId: 'inbox', reason: 'not wanted' },
  verdict('accept'),
  verdict('reject'),
  { type: 'result.read', inboxId: 'inbox' },
  { type: 'job.abandoned', reason: 'crashed' },
];

function asEnded(event: JobEvent): Extract<JobEvent, { type: 'work.ended' }> {
  if (event.type !== 'work.ended') throw new TypeError(event.type);
  return event;
}

const MAX_REPAIRS = 2;

export const jobWalk: MachineWalk = walkOf(jobMachine, {
  input: { attempts: 0, maxRepairs: MAX_REPAIRS, quiet: true, effect: 'idempotent' },
  abstraction: (context: JobContext) => ({
    attempts: Math.min(context.attempts, MAX_REPAIRS),
    quiet: context.quiet,
    effect: context.effect,
    accepted: context.accepted,
  }),
  events: () => jobEvents,
  unrequested: ['job.cancel', 'job.abandoned', 'work.stalled', 'work.unknown'],
  idle: ['pending', 'completed', 'submitted'],
  invariants: {
    'it is taken up again so many times and no more': ({ context }) => context.attempts <= MAX_REPAIRS,
    'whoever is told of its end is told at once': ({ value, context }) =>
      value !== 'completed' || context.quiet,
    'only what is worked on needs an actor': (snapshot) =>
      isResting(stateOf(snapshot)) === !['inProgress', 'stuck'].includes(String(snapshot.value)),
  },
});

const stateOf = ({ value }: SnapshotFrom<typeof jobMachine>) => value;
