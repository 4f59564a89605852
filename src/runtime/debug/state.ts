import type { AnyActorRef, Snapshot } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { supervisionOf } from '../supervisor/supervisor.ts';
import { type ChildInfo, whichChildren } from '../supervisor/supervisor-calls.ts';
import type { SupervisorFlags } from '../supervisor/supervisor-flags.ts';
import { isDeaf, replaceSnapshot } from '../xstate/index.ts';

/** What an actor holds: its snapshot; of a supervisor, its flags and children. */
export type ActorState =
  | { readonly kind: 'actor'; readonly snapshot: unknown }
  | {
      readonly kind: 'supervisor';
      readonly flags: SupervisorFlags;
      readonly children: readonly ChildInfo[];
    };

/** Why a state was not replaced; `failed`: the function threw, or gave something that an actor cannot go on with. */
export type NotReplaced =
  | { readonly kind: 'noproc' | 'supervisor' }
  | { readonly kind: 'failed'; readonly error: Error };

export function getState(ref: AnyActorRef): Result<ActorState, { readonly kind: 'noproc' }> {
  if (isDeaf(ref)) return err({ kind: 'noproc' });
  const supervision = supervisionOf(ref);
  if (!supervision) return ok({ kind: 'actor', snapshot: ref.getSnapshot() });
  return ok({ kind: 'supervisor', flags: supervision.flags, children: whichChildren(ref) });
}

/**
 * Puts another snapshot in the place of an actor's own, for development: neither entry and exit actions nor the
 * actors and timers of a state follow. Where it fails the state stays as it was. Resolves with the new snapshot.
 *
 * @param replace from the present snapshot to one that is still `active`; called at once
 */
export function replaceState(
  ref: AnyActorRef,
  replace: (snapshot: unknown) => unknown,
): Result<unknown, NotReplaced> {
  if (isDeaf(ref)) return err({ kind: 'noproc' });
  if (supervisionOf(ref)) return err({ kind: 'supervisor' });
  try {
    const next = replace(ref.getSnapshot());
    if (!isActiveSnapshot(next)) throw new Error('the new state must be a snapshot whose status is "active"');
    replaceSnapshot(ref, next);
    return ok(next);
  } catch (thrown) {
    return err({ kind: 'failed', error: coerceError(thrown) });
  }
}

function isActiveSnapshot(value: unknown): value is Snapshot<unknown> {
  return value instanceof Object && 'status' in value && value.status === 'active';
}
