import fc from 'fast-check';
import type { RestartType, Strategy } from '../../src/runtime/index.ts';

/** A child as model and real supervisor are both made from. */
export type ChildPlan = WorkerPlan | SupervisorPlan;

export interface WorkerPlan {
  readonly kind: 'worker';
  readonly id: string;
  /** Of an instance: what it calls itself, as several do. */
  readonly input?: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  /** Stopped at once, asked to end itself, or killed. */
  readonly stop: 'at once' | 'asked' | 'killed';
}

export interface SupervisorPlan {
  readonly kind: 'supervisor';
  readonly id: string;
  readonly restart: RestartType;
  readonly significant: boolean;
  readonly flags: Flags;
  readonly children: readonly ChildPlan[];
}

export interface Flags {
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly autoShutdown: AutoShutdown;
}

export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';

/** Seconds, of every supervisor. */
export const PERIOD_S = 5;

export const POOL_WORKERS = ['a', 'b', 'c'] as const;
export const INNER_WORKERS = ['x', 'y'] as const;
export const TEMPLATE = 'worker';
/** What instances call themselves. */
export const INSTANCES = ['p', 'q'] as const;

const significant = fc.constantFrom(false, false, false, true);
const restart = fc.constantFrom<RestartType>('permanent', 'permanent', 'transient', 'transient', 'temporary');

export const flags: fc.Arbitrary<Flags> = fc.record({
  strategy: fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one'),
  intensity: fc.integer({ min: 0, max: 4 }),
  autoShutdown: fc.constantFrom<AutoShutdown>('never', 'never', 'any_significant', 'all_significant'),
});

export const worker = (ids: readonly string[]): fc.Arbitrary<WorkerPlan> =>
  fc.record({
    kind: fc.constant('worker'),
    id: fc.constantFrom(...ids),
    restart,
    significant,
    stop: fc.constantFrom('at once', 'at once', 'asked', 'killed'),
  });

/** A supervisor below the one under test. It crashes by using up its budget. */
export const inner: fc.Arbitrary<SupervisorPlan> = fc
  .record({
    restart,
    significant,
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
  .record({ restart, significant, flags, template: worker([TEMPLATE]) })
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
