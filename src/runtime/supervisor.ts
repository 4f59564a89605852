import type { AnyActorRef } from 'xstate';
import { Supervision, type SupervisorFlags } from './supervision.ts';
import { markAsSupervisor, type SupervisorLogic } from './supervisor-logic.ts';

/** Erlang's defaults: one restart in five seconds. */
const INTENSITY = 1;
const PERIOD_S = 5;

const supervisions = new WeakMap<AnyActorRef, Supervision>();

/** `intensity` restarts are allowed in `period` seconds; default 1 in 5. */
export type SupervisorOptions = Pick<SupervisorFlags, 'strategy' | 'children'> & Partial<SupervisorFlags>;

/**
 * A supervisor: starts its children in order, each ready before the next; restarts them as their specifications and
 * its strategy say; stops them in reverse order. Where they crash more than `intensity` times in `period` seconds it
 * stops them all and exits with `shutdown`, and its own supervisor decides.
 *
 * - `one_for_one`: only the child that ended is restarted;
 * - `one_for_all`: all are;
 * - `rest_for_one`: it and those started after it are.
 *
 * @example
 * supervisor({ strategy: 'rest_for_one', intensity: 3, period: 10, children: [{ id: 'database', logic: database }] })
 *
 * @throws Error where two children have the same id, or a number makes no sense
 */
export function supervisor(options: SupervisorOptions): SupervisorLogic {
  const flags: SupervisorFlags = { intensity: INTENSITY, period: PERIOD_S, ...options };
  checkFlags(flags);
  return markAsSupervisor({
    getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, state: 'starting' }),
    getPersistedSnapshot: (snapshot) => snapshot,
    start(_snapshot, scope) {
      supervisions.set(scope.self, new Supervision(flags, scope));
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

function checkFlags({ intensity, period, children }: SupervisorFlags): void {
  if (!Number.isInteger(intensity) || intensity < 0)
    throw new Error(`intensity must be a whole number: ${intensity}`);
  if (!(period > 0)) throw new Error(`period must be more than 0 seconds: ${period}`);
  const ids = new Set<string>();
  for (const { id } of children) {
    if (ids.has(id)) throw new Error(`two children of one supervisor are called "${id}"`);
    ids.add(id);
  }
}
