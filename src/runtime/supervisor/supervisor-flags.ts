import { type AutoShutdown, check, checkChildSpecs, isOneOf, isPositive, isWhole } from './check-specs.ts';
import type { ChildSpec, ResolvedChildSpec } from './child-spec.ts';
import type { RestartBudget } from './restart-intensity.ts';

export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one' | 'simple_one_for_one';

/** `intensity` restarts are allowed in `period` seconds; default 1 in 5, as in OTP. */
export interface SupervisorOptions extends Partial<RestartBudget> {
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
  /**
   * `any_significant`: the supervisor ends, with `shutdown`, as soon as one significant child has ended by itself and
   * is not to be restarted; `all_significant`: when the last of them has; `never`: the default.
   */
  readonly autoShutdown?: AutoShutdown;
  /**
   * The static children: they are started with the supervisor, and again with each incarnation of it. Of a
   * `simple_one_for_one` supervisor, the one template of its instances.
   */
  readonly children: readonly ChildSpec[];
}

/** Options with their defaults filled in. */
export interface SupervisorFlags extends RestartBudget {
  readonly strategy: Strategy;
  readonly autoShutdown: AutoShutdown;
  readonly children: readonly ResolvedChildSpec[];
}

/** @throws InvalidSpec naming the flag or field, its value and what is allowed. Unknown flags are ignored. */
export function resolveFlags(options: SupervisorOptions): SupervisorFlags {
  const where = 'supervisor';
  check(where, 'options', options, 'an object with children', (value) => value instanceof Object);
  const { strategy = 'one_for_one', autoShutdown = 'never' } = options;
  const { intensity = 1, period = 5, healthyAfter } = options;
  const strategies = '"one_for_one", "one_for_all", "rest_for_one" or "simple_one_for_one"';
  const shutdowns = '"never", "any_significant" or "all_significant"';
  check(where, 'strategy', strategy, strategies, isStrategy);
  check(where, 'intensity', intensity, 'a whole number from 0', isWhole);
  check(where, 'period', period, 'seconds, more than 0', isPositive);
  check(where, 'autoShutdown', autoShutdown, shutdowns, isAutoShutdown);
  if (healthyAfter !== undefined)
    check(where, 'healthyAfter', healthyAfter, 'seconds, more than 0', isPositive);
  const children = checkChildSpecs(options.children, autoShutdown);
  if (!children.ok) throw children.error;
  if (strategy === 'simple_one_for_one') {
    check(where, 'children', children.value.length, 'exactly one template', (count) => count === 1);
  }
  const healthy = healthyAfter === undefined ? {} : { healthyAfter };
  return { strategy, intensity, period, autoShutdown, children: children.value, ...healthy };
}

const isStrategy = isOneOf('one_for_one', 'one_for_all', 'rest_for_one', 'simple_one_for_one');
const isAutoShutdown = isOneOf('never', 'any_significant', 'all_significant');
