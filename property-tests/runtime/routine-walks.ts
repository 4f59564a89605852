import { type RoutineContext, type RoutinePort, routineMachine } from '../../machines/routine.ts';
import {
  LONGEST_WAIT_MS,
  type RoutineEngineContext,
  roundBackOffMs,
  routineEngineMachine,
} from '../../machines/routine-engine.ts';
import { type MachineWalk, walkOf } from './walk.ts';

/** Never answers: that a run has ended is among the events of the walk. */
const port: RoutinePort = { run: () => new Promise(() => {}), started: () => {} };

/** Two runs at once show all that more would. */
const RUNS = ['a', 'b'];

export const routineWalk: MachineWalk = walkOf(routineMachine, {
  input: { routineId: 'r', port, enabled: true, cooldownMs: 1_000 },
  abstraction: ({ live, resting, enabled, cooldownMs }: RoutineContext) => ({
    live,
    resting,
    enabled,
    cooldownMs,
  }),
  events: () => [
    { type: 'routine.changed', enabled: false, cooldownMs: 1_000 },
    { type: 'routine.changed', enabled: true, cooldownMs: 0 },
    { type: 'routine.removed' },
    { type: 'run.waiting' },
    ...RUNS.flatMap((runId) => [
      { type: 'run.begun', runId },
      { type: 'run.ended', runId },
    ]),
    { type: 'rest.over' },
  ],
  unrequested: ['routine.changed', 'routine.removed', 'run.begun', 'run.waiting'],
  idle: ['armed', 'disabled'],
  invariants: {
    'it runs where a run is under way, and only there': ({ value, context, status }) =>
      status === 'done' || (value === 'running') === context.live.length > 0,
    'no run is worked on twice at once': ({ context }) => new Set(context.live).size === context.live.length,
    'it is armed only while it is on': ({ value, context }) => value !== 'armed' || context.enabled,
  },
});

/** More failures make no difference: the longest wait has been reached by then. */
const FAILURES = 8;

export const routineEngineWalk: MachineWalk = walkOf(routineEngineMachine, {
  input: undefined,
  abstraction: ({ failures, loaded, woken, changed }: RoutineEngineContext) => ({
    failures: Math.min(failures, FAILURES),
    ...{ loaded, woken, changed: changed.length > 0 },
  }),
  events: () => [{ type: 'engine.woken' }, { type: 'engine.woken', changed: 'r' }],
  outputs: { round: [1_000, Number.POSITIVE_INFINITY, -5] },
  unrequested: ['engine.woken'],
  idle: ['sleeping'],
  invariants: {
    'it works only once every routine has an actor': ({ value, context }) =>
      value !== 'working' || context.loaded,
    'nothing that changed is forgotten before a round saw it': ({ value, context }) =>
      value !== 'sleeping' || context.changed.length === 0,
    'no wait after a failure is longer than that for nothing': ({ context }) =>
      roundBackOffMs(Math.max(1, context.failures)) <= LONGEST_WAIT_MS,
  },
});
