import type { AnyActorRef } from 'xstate';
import { IgnoreStart } from '../process/exit.ts';
import { Supervision } from './supervision.ts';
import { resolveFlags, type SupervisorFlags, type SupervisorOptions } from './supervisor-flags.ts';
import { markAsSupervisor, type SupervisorLogic } from './supervisor-logic.ts';

const supervisions = new WeakMap<AnyActorRef, Supervision>();

/** Decides a supervisor's options each time it starts, from its input; or that it is not wanted now. */
export type SupervisorInit = (input: unknown) => SupervisorOptions | 'ignore';

/**
 * A supervisor: starts its children in order, each ready before the next; restarts them as their specifications and
 * its strategy say; stops them in reverse order. Where they crash more than `intensity` times in `period` seconds it
 * stops them all and exits with `shutdown`, and its own supervisor decides.
 *
 * - `one_for_one`: only the child that ended is restarted;
 * - `one_for_all`: all are;
 * - `rest_for_one`: it and those started after it are;
 * - `simple_one_for_one`: as `one_for_one`, for any number of instances of one template (`startInstance`).
 *
 * @param options or a function of the supervisor's input that decides them at each start
 * @example
 * supervisor({ strategy: 'rest_for_one', intensity: 3, period: 10, children: [{ id: 'database', logic: database }] })
 *
 * @throws InvalidSpec where a flag or specification makes no sense; from a function, that is a failed start
 */
export function supervisor(options: SupervisorOptions | SupervisorInit): SupervisorLogic {
  const fixed = typeof options === 'function' ? undefined : resolveFlags(options);
  const init = (input: unknown): SupervisorFlags => {
    if (fixed) return fixed;
    const decided = typeof options === 'function' ? options(input) : options;
    if (decided === 'ignore') throw new IgnoreStart('the supervisor is not wanted');
    return resolveFlags(decided);
  };
  const born = new WeakMap<AnyActorRef, { readonly flags: SupervisorFlags; readonly input: unknown }>();
  return markAsSupervisor({
    getInitialSnapshot({ self }, input) {
      born.set(self, { flags: init(input), input });
      return { status: 'active', output: undefined, error: undefined, state: 'starting' };
    },
    getPersistedSnapshot: (snapshot) => snapshot,
    start(_snapshot, scope) {
      const birth = born.get(scope.self);
      if (!birth) return;
      supervisions.set(scope.self, new Supervision(birth.flags, () => init(birth.input), scope));
      scope.self.send({ type: 'supervisor.begin' });
    },
    transition(snapshot, event, { self }) {
      const supervision = supervisions.get(self);
      if (!supervision) return snapshot;
      supervision.handle(event);
      const next = supervision.snapshot();
      return next.state === snapshot.state && next.status === snapshot.status ? snapshot : next;
    },
  });
}

/** The state of a supervisor, or undefined where the actor is none or has not begun. */
export function supervisionOf(ref: AnyActorRef): Supervision | undefined {
  return supervisions.get(ref);
}
