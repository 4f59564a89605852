import fc from 'fast-check';
import {
  type ChildPlan,
  type Flags,
  flags,
  HEALTHY_AFTER_S,
  INNER_WORKERS,
  INSTANCE_IDS,
  INSTANCE_NAMES,
  INSTANCES,
  type InstancePlan,
  PERIOD_S,
  POOL_WORKERS,
  poolChild,
  TEMPLATE,
  type WorkerPlan,
  worker,
} from './plan.ts';
import type { Ending, StartOutcome } from './world.ts';

/** The incarnation of a worker so many before its last one; of instances, of all that call themselves so. */
export interface Life {
  readonly id: string;
  readonly before: number;
}

/** A call to one of the supervisors. */
export type Call =
  | { readonly do: 'start'; readonly at: Site; readonly plan: ChildPlan }
  | { readonly do: 'terminate' | 'restart' | 'delete'; readonly at: Site; readonly id: string }
  | { readonly do: 'startInstance'; readonly at: Site; readonly input: string; readonly as: InstancePlan }
  | { readonly do: 'terminateInstance'; readonly at: Site; readonly life: Life }
  | {
      readonly do: 'reconfigure';
      readonly at: Site;
      readonly flags: Flags;
      readonly children: readonly ChildPlan[];
    };

/** Every command means something in every state, if only an error for an answer. */
export type Command =
  | Call
  | { readonly do: 'end'; readonly life: Life; readonly ending: Ending }
  /** A crash whose restarts fail at first; after so many failures comes a call about the same child. */
  | {
      readonly do: 'interrupt';
      readonly life: Life;
      readonly failures: number;
      readonly call: 'start' | 'terminate' | 'restart' | 'delete';
    }
  | { readonly do: 'spoil'; readonly id: string; readonly outcomes: readonly StartOutcome[] }
  | { readonly do: 'wait'; readonly ms: number }
  /** A message for an incarnation, dead or alive; to a dead one, perhaps that it should crash. */
  | { readonly do: 'send'; readonly life: Life; readonly crash: boolean }
  /** What a supervisor has once been told of an exit, it is told again. */
  | { readonly do: 'echo'; readonly at: Site; readonly back: number };

/** The supervisors that calls go to. */
export type Site = 'pool' | 'inner' | 'swarm';

const last = (...ids: readonly string[]): fc.Arbitrary<Life> =>
  fc.record({ id: fc.constantFrom(...ids), before: fc.constant(0) });
const instance: fc.Arbitrary<Life> = fc.record({ id: fc.constantFrom(...INSTANCES), before: fc.nat(3) });
/** The last incarnation of a worker, or one of an instance's. */
const target = fc.oneof(
  { weight: 5, arbitrary: last(...POOL_WORKERS) },
  { weight: 2, arbitrary: last(...INNER_WORKERS) },
  { weight: 3, arbitrary: instance },
);
const anyLife: fc.Arbitrary<Life> = fc.record({
  id: fc.constantFrom(...POOL_WORKERS, ...INNER_WORKERS, ...INSTANCES),
  before: fc.nat(2),
});

function callsAt(site: Site, child: fc.Arbitrary<ChildPlan>, ids: readonly string[]): fc.Arbitrary<Call> {
  const at = fc.constant(site);
  const id = fc.constantFrom(...ids);
  const children = fc.uniqueArray(child, { maxLength: 4, selector: ({ id }) => id });
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('start'), at, plan: child }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('terminate', 'restart', 'delete'), at, id }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reconfigure'), at, flags, children }) },
  );
}

const instanceOptions: fc.Arbitrary<InstancePlan> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record(
      { id: fc.constantFrom(...INSTANCE_IDS), name: fc.constantFrom(...INSTANCE_NAMES) },
      { requiredKeys: [] },
    ),
  },
);

/** What is asked of the wrong kind of supervisor has its answer, too. */
function instanceCalls(at: fc.Arbitrary<Site>): fc.Arbitrary<Call> {
  const input = fc.constantFrom(...INSTANCES);
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('startInstance'), at, input, as: instanceOptions }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('terminateInstance'), at, life: instance }) },
  );
}

/** The strategy stays what it is, or the change is refused. */
const templateChange: fc.Arbitrary<Call> = fc
  .record({ flags, template: worker([TEMPLATE]), stays: fc.constantFrom(true, true, true, false) })
  .map(({ flags, template, stays }) => ({
    do: 'reconfigure',
    at: 'swarm',
    flags: stays ? { ...flags, strategy: 'simple_one_for_one' } : flags,
    children: [template],
  }));

const ending = fc.constantFrom<Ending>('error', 'error', 'shutdown', 'normal');
const outcomes = fc.array(fc.constantFrom<StartOutcome>('fails', 'fails', 'is ignored'), {
  minLength: 1,
  maxLength: 4,
});

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 16, arbitrary: callsAt('pool', poolChild, [...POOL_WORKERS, 'inner', 'swarm']) },
  { weight: 5, arbitrary: callsAt('inner', worker(INNER_WORKERS), INNER_WORKERS) },
  { weight: 6, arbitrary: instanceCalls(fc.constant('swarm')) },
  { weight: 1, arbitrary: templateChange },
  { weight: 1, arbitrary: callsAt('swarm', worker([TEMPLATE]), [TEMPLATE]) },
  { weight: 1, arbitrary: instanceCalls(fc.constantFrom<Site>('pool', 'inner')) },
);

/** The window of restarts, and the time in which it is emptied, to the millisecond, among others. */
const ms = fc.oneof(
  fc.nat(2_000),
  fc.nat(6_000),
  fc.constantFrom(1, PERIOD_S * 500, PERIOD_S * 1_000, HEALTHY_AFTER_S * 1_000),
);

const interruption = fc.record({
  do: fc.constant('interrupt'),
  life: target,
  failures: fc.integer({ min: 1, max: 3 }),
  call: fc.constantFrom('start', 'terminate', 'restart', 'delete'),
});
const spoiling = fc.record({ do: fc.constant('spoil'), id: anyLife.map(({ id }) => id), outcomes });
const message = fc.record({ do: fc.constant('send'), life: anyLife, crash: fc.boolean() });
const echo = fc.record({
  do: fc.constant('echo'),
  at: fc.constantFrom<Site>('pool', 'inner', 'swarm'),
  back: fc.nat(3),
});

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 14, arbitrary: call },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('end'), life: target, ending }) },
  { weight: 2, arbitrary: interruption },
  { weight: 2, arbitrary: spoiling },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms }) },
  { weight: 1, arbitrary: message },
  { weight: 1, arbitrary: echo },
);

/** The supervisor of a worker, if it lives. */
export function siteOf(id: string): Site {
  if (INSTANCES.some((instance) => instance === id)) return 'swarm';
  return INNER_WORKERS.some((worker) => worker === id) ? 'inner' : 'pool';
}

/** The call that comes between two attempts to restart a worker. */
export function interruptingCall({ life, call }: Extract<Command, { do: 'interrupt' }>): Call {
  const { id } = life;
  const at = siteOf(id);
  if (call === 'start' && at === 'swarm') return { do: 'startInstance', at, input: id, as: { id: 'one' } };
  if (call === 'terminate' && at === 'swarm') return { do: 'terminateInstance', at, life };
  if (call !== 'start') return { do: call, at, id };
  return { do: 'start', at, plan: plainWorker(id) };
}

export function plainWorker(id: string): WorkerPlan {
  return {
    kind: 'worker',
    id,
    restart: 'permanent',
    significant: false,
    stop: 'at once',
    backoff: undefined,
  };
}
