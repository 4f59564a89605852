import {
  type ContainerJobContext,
  type ContainerJobDesk,
  containerJobMachine,
  lossPauseMs,
} from '../../machines/container-job.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what its effects come back with is among the outputs of the walk. */
const desk: ContainerJobDesk = {
  look: never,
  create: never,
  start: never,
  watch: never,
  stop: never,
  collect: never,
};

export const containerJobWalk: MachineWalk = walkOf(containerJobMachine, {
  input: { desk },
  abstraction: ({ ending, losses }: ContainerJobContext) => ({ ending, losses }),
  events: () => [
    { type: 'work.unwanted', why: 'cancelled' },
    { type: 'work.unwanted', why: 'stuck' },
  ],
  outputs: {
    look: [{ next: 'running' }, { next: 'absent' }, { next: 'ended', ending: 'told' }],
    create: [{ next: 'created' }, { next: 'ended', ending: 'image-missing' }],
    start: [{ next: 'running' }, { next: 'lost' }, { next: 'ended', ending: 'refused' }],
    watch: [
      { next: 'died' },
      { next: 'lost' },
      { next: 'ended', ending: 'told' },
      { next: 'ended', ending: 'overdue' },
    ],
    stop: [undefined],
    collect: [undefined],
  },
  unrequested: [],
  idle: [],
  invariants: {
    'it waits half a minute at most, and gives up after twenty times': ({ context }) =>
      lossPauseMs(context.losses) <= 30_000 && context.losses <= 20,
    'what is unwanted is never begun': ({ value, context }) =>
      !(
        context.ending === 'cancelled' &&
        ['looking', 'creating', 'starting', 'running'].includes(String(value))
      ),
  },
});
