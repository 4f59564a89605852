import type { DueState, RoutineGuardrails } from '../core/routines.ts';
import type { Schedule } from './schedule/schedule.ts';

/** Of a routine whose time has come. Times are milliseconds since the Unix epoch. */
export interface DueRoutine {
  readonly schedule: Pick<Schedule, 'next'>;
  readonly guardrails: Pick<RoutineGuardrails, 'catchUp'>;
  /** Every due time up to this one is in the ledger already. */
  readonly accountedUntil: number;
}

/** What becomes of due times: one of them, or several in a row that all came to the same. */
export interface Accounted {
  readonly dueAt: number;
  readonly lastAt: number;
  readonly times: number;
  readonly state: Exclude<DueState, 'fired' | 'skipped'>;
  readonly reason: string | null;
  /** Its time had passed while nothing ran, and it is made up for. */
  readonly late: boolean;
}

export interface DuePlan {
  /** In the order of their times. They stand for every due time until `accountedUntil`. */
  readonly accounted: readonly Accounted[];
  readonly accountedUntil: number;
  /** Null: it never comes again. */
  readonly nextDueAt: number | null;
}

/** What is due this recently is on time. More than the longest pause between two looks. */
const GRACE_MS = 60_000;
/** Due times that `catchUp: 'all'` makes up for; what is older is left to them. */
const MOST_CAUGHT_UP = 20;
/** Due times with a line of their own; what is older shares one. */
const MOST_LINES = 50;
/** Due times looked at in one go, some 20 ms; the rest is left for the next. */
const MOST_AT_ONCE = 500;

/**
 * Accounts for every due time since the last that was accounted for.
 *
 * - `skip`: what passed while nothing ran is missed;
 * - `once`: the latest is made up for, and those before are coalesced into it;
 * - `all`: each is made up for, 20 at most, the rest is coalesced into those.
 */
export function planDue({ schedule, guardrails, accountedUntil }: DueRoutine, now: number): DuePlan {
  const { times, nextDueAt } = dueTimes(schedule, accountedUntil, now);
  const isAllOfThem = nextDueAt === null || nextDueAt > now;
  const { catchUp } = guardrails;
  const fresh = times.filter((at) => now - at <= GRACE_MS).length;
  const wanted = catchUp === 'all' ? MOST_CAUGHT_UP : 1;
  const begun = isAllOfThem ? Math.min(times.length, catchUp === 'skip' ? Math.min(1, fresh) : wanted) : 0;
  const passed = times.slice(0, times.length - begun);
  const claimed = times.slice(times.length - begun).map((at) => claim(at, now));
  return {
    accounted: [...lines(passed, catchUp), ...claimed],
    accountedUntil: times.at(-1) ?? accountedUntil,
    nextDueAt,
  };
}

function dueTimes({ next }: Pick<Schedule, 'next'>, after: number, now: number) {
  const times: number[] = [];
  let nextDueAt = next(after);
  while (nextDueAt !== null && nextDueAt <= now && times.length < MOST_AT_ONCE) {
    times.push(nextDueAt);
    nextDueAt = next(nextDueAt);
  }
  return { times, nextDueAt };
}

const claim = (at: number, now: number): Accounted => ({
  ...{ dueAt: at, lastAt: at, times: 1, state: 'claimed', reason: null },
  late: now - at > GRACE_MS,
});

function lines(passed: readonly number[], catchUp: RoutineGuardrails['catchUp']): readonly Accounted[] {
  const shared = passed.slice(0, Math.max(0, passed.length - MOST_LINES));
  const single = passed.slice(shared.length).map((at) => [at]);
  return [...(shared.length > 0 ? [shared] : []), ...single].map((times) => line(times, catchUp));
}

function line(times: readonly number[], catchUp: RoutineGuardrails['catchUp']): Accounted {
  const [first = 0] = times;
  const counted = { dueAt: first, lastAt: times.at(-1) ?? first, times: times.length, late: true };
  return catchUp === 'skip'
    ? { ...counted, state: 'missed', reason: 'Nothing ran at that time.' }
    : { ...counted, state: 'coalesced', reason: 'One that came later stands for it.' };
}
