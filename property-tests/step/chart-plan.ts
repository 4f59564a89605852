import fc from 'fast-check';
import { ACTIONS, GUARDS, RARE_ACTIONS, RARE_GUARDS } from './chart-parts.ts';

/**
 * A statechart as plain data, so that one that fails shrinks. `buildChart` makes a machine of it. Most of what it is
 * made of is simple; what the compiled step leaves to XState is rare, but there.
 */
export interface ChartPlan {
  /** The first is the root; each of the others is inside of one that stands before it. */
  readonly nodes: readonly NodePlan[];
}

/** Which of `nodes`, counted round. */
type Place = number;

export interface NodePlan {
  readonly parent: Place;
  /** `usual` is compound where it has states of its own, otherwise atomic. */
  readonly kind: 'usual' | 'final' | 'parallel';
  /** Which of its own states it begins in, counted round. */
  readonly initial: number;
  readonly initialActions: readonly ActionName[];
  readonly entry: readonly ActionName[];
  readonly exit: readonly ActionName[];
  readonly tags: readonly string[];
  readonly transitions: readonly TransitionPlan[];
  /** Where its timer leads. */
  readonly after: Place | undefined;
  readonly always: TransitionPlan | undefined;
  readonly invokes: boolean;
}

export interface TransitionPlan {
  readonly on: string;
  readonly target: Place | undefined;
  readonly reenter: boolean;
  readonly guard: GuardName | undefined;
  readonly actions: readonly ActionName[];
}

export type ActionName = keyof typeof ACTIONS | keyof typeof RARE_ACTIONS;
export type GuardName = keyof typeof GUARDS | keyof typeof RARE_GUARDS;

/** What happens next to a running chart: it is sent an event of that type, or its timers are due. */
export type Happening = (typeof HAPPENINGS)[number] | typeof ERROR;

const ERROR = 'xstate.error.actor.helper';
const HAPPENINGS = ['a', 'b', 'a.x', 'a.x.y', 'unknown', 'timers'] as const;

const mostly = <T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ arbitrary: usual, weight: 40 }, { arbitrary: rare, weight: 1 });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof(fc.constant(undefined), arbitrary);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => mostly(fc.constant(undefined), arbitrary);
const oneOf = <T extends object>(table: T): fc.Arbitrary<keyof T> => fc.constantFrom(...keysOf(table));
/** These tables are literals: they have no keys that their types do not name. */
const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

const place: fc.Arbitrary<Place> = fc.nat(11);
const actions = fc.array(mostly(oneOf(ACTIONS), oneOf(RARE_ACTIONS)), { maxLength: 2 });

const transition: fc.Arbitrary<TransitionPlan> = fc.record({
  on: mostly(fc.constantFrom('a', 'b', 'a.x', '*'), fc.constantFrom('a.*', ERROR)),
  target: sometimes(place),
  reenter: fc.boolean(),
  guard: sometimes(mostly(oneOf(GUARDS), oneOf(RARE_GUARDS))),
  actions,
});

const node: fc.Arbitrary<NodePlan> = fc.record({
  parent: place,
  kind: mostly(fc.constant('usual'), fc.constantFrom('final', 'parallel')),
  initial: place,
  initialActions: actions,
  entry: actions,
  exit: actions,
  tags: fc.subarray(['red', 'green']),
  transitions: fc.array(transition, { maxLength: 4 }),
  after: rarely(place),
  always: rarely(transition),
  invokes: mostly(fc.constant(false), fc.constant(true)),
});

export const chartPlan: fc.Arbitrary<ChartPlan> = fc.record({
  nodes: fc.array(node, { minLength: 1, maxLength: 7, size: 'max' }),
});

export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  mostly(fc.constantFrom(...HAPPENINGS), fc.constant(ERROR)),
  { maxLength: 10, size: 'max' },
);
