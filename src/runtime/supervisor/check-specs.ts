import { err, ok, type Result } from '../../core/result.ts';
import { type ChildSpec, type ResolvedChildSpec, resolveSpec } from './child-spec.ts';

/** When a supervisor ends because significant children have: see `SupervisorOptions.autoShutdown`. */
export type AutoShutdown = 'never' | 'any_significant' | 'all_significant';

/** A flag or specification that makes no sense; nothing has been started. */
export class InvalidSpec extends Error {
  override readonly name: string = 'InvalidSpec';
  /** The flag or field. */
  readonly field: string;
  readonly value: unknown;

  constructor(where: string, field: string, value: unknown, allowed: string) {
    super(`${where}: ${field} must be ${allowed}, not ${show(value)}`);
    this.field = field;
    this.value = value;
  }
}

/**
 * Checks specifications without starting anything, and fills in their defaults. Fields that are not known are
 * ignored.
 *
 * @param autoShutdown of the supervisor they are meant for; without `never`, none may be significant
 */
export function checkChildSpecs(
  specs: readonly ChildSpec[],
  autoShutdown: AutoShutdown = 'never',
): Result<readonly ResolvedChildSpec[], InvalidSpec> {
  try {
    check('supervisor', 'children', specs, 'a list of child specifications', Array.isArray);
    const resolved = specs.map((spec) => checked(spec, autoShutdown));
    const ids = new Set<string>();
    for (const { id } of resolved) {
      check(`child "${id}"`, 'id', id, 'unique among its siblings', () => !ids.has(id));
      ids.add(id);
    }
    return ok(resolved);
  } catch (error) {
    if (error instanceof InvalidSpec) return err(error);
    throw error;
  }
}

/** @throws InvalidSpec */
export function check(
  where: string,
  field: string,
  value: unknown,
  allowed: string,
  holds: (value: unknown) => boolean,
): void {
  if (!holds(value)) throw new InvalidSpec(where, field, value, allowed);
}

export const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

export const isWhole = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

export const isPositive = (value: unknown): boolean => Number.isFinite(value) && Number(value) > 0;

/** Milliseconds. A timer of JavaScript that is asked for more fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const delays = `milliseconds, more than 0 and at most ${LONGEST_TIMER}`;
const isDelay = (value: unknown): boolean => isPositive(value) && Number(value) <= LONGEST_TIMER;

const isFunction = (value: unknown): boolean => typeof value === 'function';

const optional =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || holds(value);

function checked(spec: ChildSpec, autoShutdown: AutoShutdown): ResolvedChildSpec {
  check('child', 'specification', spec, 'an object', (value) => value instanceof Object);
  check('child', 'id', spec.id, 'a text that is not empty', isName);
  const where = `child "${spec.id}"`;
  check(where, 'logic', spec.logic, 'the logic of an actor', isLogic);
  checkLife(where, spec, autoShutdown);
  check(where, 'name', spec.name, 'a text, or { via, name }', optional(isAddress));
  check(where, 'ready', spec.ready, 'a function of the snapshot', optional(isFunction));
  check(where, 'info', spec.info, 'a function of the snapshot', optional(isFunction));
  checkLimits(where, spec);
  return resolveSpec(spec);
}

function checkLife(where: string, spec: ChildSpec, autoShutdown: AutoShutdown): void {
  const { restart, shutdown, type, graceful, significant } = spec;
  const restarts = isOneOf('permanent', 'transient', 'temporary');
  check(where, 'restart', restart, '"permanent", "transient" or "temporary"', optional(restarts));
  const shutdowns = `whole milliseconds (0 to ${LONGEST_TIMER}), "brutal_kill" or "infinity"`;
  check(where, 'shutdown', shutdown, shutdowns, optional(isShutdown));
  check(where, 'type', type, '"worker" or "supervisor"', optional(isOneOf('worker', 'supervisor')));
  check(where, 'graceful', graceful, 'true or false', optional(isOneOf(true, false)));
  check(where, 'significant', significant, 'true or false', optional(isOneOf(true, false)));
  if (!significant) return;
  const apart = 'false where restart is "permanent": such a child never ends for good';
  check(where, 'significant', significant, apart, () => (restart ?? 'permanent') !== 'permanent');
  const together = 'false where the supervisor has autoShutdown "never"';
  check(where, 'significant', significant, together, () => autoShutdown !== 'never');
}

function checkLimits(where: string, { mailbox, progress, backoff }: ChildSpec): void {
  if (mailbox) {
    const policies = isOneOf('reject', 'drop-oldest', 'park');
    check(where, 'mailbox.capacity', mailbox.capacity, 'a whole number from 1', optional(isCount));
    check(
      where,
      'mailbox.overflow',
      mailbox.overflow,
      '"reject", "drop-oldest" or "park"',
      optional(policies),
    );
    check(where, 'mailbox.parking', mailbox.parking, 'a whole number from 0', optional(isWhole));
    check(where, 'mailbox.keep', mailbox.keep, 'true or false', optional(isOneOf(true, false)));
  }
  if (progress) {
    const kinds = isOneOf('state', 'signal', 'mailbox');
    check(where, 'progress.within', progress.within, delays, isDelay);
    check(where, 'progress.by', progress.by, '"state", "signal" or "mailbox"', optional(kinds));
    check(where, 'progress.busy', progress.busy, 'a function of the snapshot', optional(isFunction));
  }
  if (backoff) checkBackoff(where, backoff);
}

function checkBackoff(where: string, backoff: NonNullable<ChildSpec['backoff']>): void {
  const { initial, max, factor, jitter, healthyAfter } = backoff;
  const share = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
  check(where, 'backoff.initial', initial, delays, isDelay);
  check(
    where,
    'backoff.max',
    max,
    `${delays}, and at least as many as initial`,
    () => isDelay(max) && max >= initial,
  );
  check(
    where,
    'backoff.factor',
    factor,
    'a number from 1',
    optional((value) => Number(value) >= 1),
  );
  check(where, 'backoff.jitter', jitter, 'a number from 0 to 1', optional(share));
  check(where, 'backoff.healthyAfter', healthyAfter, 'milliseconds, more than 0', optional(isPositive));
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return isWhole(value) && value !== 0;
}

function isLogic(value: unknown): boolean {
  return value instanceof Object && 'transition' in value && 'getInitialSnapshot' in value;
}

function isShutdown(value: unknown): boolean {
  if (value === 'brutal_kill' || value === 'infinity') return true;
  return isWhole(value) && Number(value) <= LONGEST_TIMER;
}

function isAddress(value: unknown): boolean {
  return isName(value) || (value instanceof Object && 'via' in value && 'name' in value);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  return value instanceof Object ? 'an object' : String(value);
}
