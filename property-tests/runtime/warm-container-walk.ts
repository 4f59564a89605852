import {
  type WarmContainerContext,
  type WarmContainerDesk,
  warmContainerMachine,
} from '../../machines/warm-container.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what its effects come back with is among the outputs of the walk. */
const desk: WarmContainerDesk = {
  start: never,
  attend: () => () => undefined,
  close: () => undefined,
  remove: never,
};

/** So often it asks the daemon to remove it. */
const REMOVALS = 6;

export const warmContainerWalk: MachineWalk = walkOf(warmContainerMachine, {
  input: { desk, idleMs: 600_000 },
  abstraction: ({ failures }: WarmContainerContext) => failures,
  events: () => [
    { type: 'commands.counted', running: 0 },
    { type: 'commands.counted', running: 2 },
    { type: 'container.ended' },
  ],
  outputs: { start: [undefined], remove: [undefined] },
  unrequested: [],
  idle: ['up.resting', 'up.working', 'gone'],
  invariants: {
    'it does not ask for ever to be removed': ({ context }) => context.failures < REMOVALS,
    'what is used has never failed to be removed': ({ value, context }) =>
      typeof value === 'string' || context.failures === 0,
  },
});
