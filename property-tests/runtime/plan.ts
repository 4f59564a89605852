import fc from 'fast-check';
import type { RestartType, Strategy } from '../../src/runtime/index.ts';

/** A child as model and real supervisor are both made from. */
export type ChildPlan = WorkerPlan | SupervisorPlan;

export interface WorkerPlan {
  readonly kind: 'worker';
  readonly id: string;
  /** Of an instance: what it calls itself, as several do. */
  readonly input?: string;
  /** Of an instance: its registered name. Any other worker has its id for a name. */
  readonly name?: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  /** Stopped at once, asked to end itself, or killed. */
  readonly stop: 'at once' | 'asked' | 'killed';
  readonly backoff: BackoffPlan | undefined;
}

/** What an instance is given besides its input. */
export interface InstancePlan {
  readonly id?: string;
  readonly name?: string;
}

/** Without jitter. Milliseconds. */
export interface BackoffPlan {
  readonly initial: number;
  readonly max: number;
  readonly factor: number;
  readonly healthyAfter: number;
}

export interface SupervisorPlan {
  readonly kind: 'supervisor';
  readonly id: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  readonly backoff: BackoffPlan | undefined;
  readonly flags: Flags;
  readonly children: readonly ChildPlan[];
}

export interface Flags {
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly autoShutdown: AutoShutdown;
  /** Seconds. */
  readonly healthyAfter: number | undefined;
}

export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';

/** Seconds, of every supervisor. */
export const PERIOD_S = 5;

export const POOL_WORKERS = ['a', 'b', 'c'] as const;
export const INNER_WORKERS = ['x', 'y'] as const;
export const TEMPLATE = 'worker';
/** Seconds, of those that have it. */
export const HEALTHY_AFTER_S = 2;
/** What instances call themselves. */
export const INSTANCES = ['p', 'q'] as const;
/** What an instance may be given: ids, one of them such as it would have otherwise, and names, one a worker's. */
export const INSTANCE_IDS = ['one', `${TEMPLATE}:1`] as const;
export const INSTANCE_NAMES = ['n', 'a'] as const;

const significant = fc.constantFrom(false, false, false, true);
const restart = fc.constantFrom<RestartType>('permanent', 'permanent', 'transient', 'transient', 'temporary');

/** Seldom two that are due at the same instant. */
const waits: fc.Arbitrary<BackoffPlan> = fc
  .record({
    initial: fc.integer({ min: 1, max: 2_000 }),
    growth: fc.integer({ min: 1, max: 5 }),
    factor: fc.integer({ min: 1, max: 3 }),
    healthyAfter: fc.integer({ min: 1, max: 4_000 }),
  })
  .map(({ growth, ...given }) => ({ ...given, max: given.initial * growth }));
const backoff: fc.Arbitrary<BackoffPlan | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: waits },
);

export const flags: fc.Arbitrary<Flags> = fc.record({
  strategy: fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one'),
  intensity: fc.integer({ min: 0, max: 4 }),
  autoShutdown: fc.constantFrom<AutoShutdown>('never', 'never', 'any_significant', 'all_significant'),
  healthyAfter: fc.constantFrom(undefined, undefined, HEALTHY_AFTER_S),
});

export const worker = (ids: readonly string[]): fc.Arbitrary<WorkerPlan> =>
  fc.record({
    kind: fc.constant('worker'),
    id: fc.constantFrom(...ids),
    restart,
    significant,
    stop: fc.constantFrom('at once', 'at once', 'asked', 'killed'),
    backoff,
  });

/** A supervisor below the one under test. It crashes by using up its budget. */
export const inner: fc.Arbitrary<SupervisorPlan> = fc
  .record({
    restart,
    significant,
    backoff,
    flags: flags.map((given) => ({ ...given, intensity: given.intensity % 3 })),
    children: childrenOf(worker(INNER_WORKERS)),
  })
  .map((plan) => ({
    kind: 'supervisor',
    id: 'inner',
    ...plan,
    children: plan.children.map(fitted(plan.flags)),
  }));

/** A template, and a supervisor for its instances. */
export const swarm: fc.Arbitrary<SupervisorPlan> = fc
  .record({ restart, significant, backoff, flags, template: worker([TEMPLATE]) })
  .map(({ template, flags, ...plan }) => ({
    kind: 'supervisor',
    id: 'swarm',
    ...plan,
    flags: { ...flags, strategy: 'simple_one_for_one' },
    children: [fitted(flags)(template)],
  }));

export const poolChild: fc.Arbitrary<ChildPlan> = fc.oneof(
  { weight: 6, arbitrary: worker(POOL_WORKERS) },
  { weight: 1, arbitrary: inner },
  { weight: 1, arbitrary: swarm },
);

/** The supervisor under test, as a child of the root. */
export const pool: fc.Arbitrary<SupervisorPlan> = fc
  .record({
    restart,
    backoff,
    flags,
    children: childrenOf(poolChild),
  })
  .map((plan) => ({
    kind: 'supervisor',
    id: 'pool',
    significant: false,
    ...plan,
    children: plan.children.map(fitted(plan.flags)),
  }));

function childrenOf<P extends ChildPlan>(child: fc.Arbitrary<P>): fc.Arbitrary<readonly P[]> {
  return fc.uniqueArray(child, { maxLength: 4, selector: ({ id }) => id });
}

/** A plan that is refused (§1.2: `bad_combination`) has no place among the static children: a supervisor throws it back. */
export function fitted({ autoShutdown }: Flags): <P extends ChildPlan>(plan: P) => P {
  return (plan) => (isRefused(plan, autoShutdown) ? { ...plan, significant: false } : plan);
}

export function isRefused({ significant, restart }: ChildPlan, autoShutdown: AutoShutdown): boolean {
  return significant && (restart === 'permanent' || autoShutdown === 'never');
}
