import type { AnyActorRef, Snapshot } from 'xstate';

/**
 * Puts another snapshot in the place of an actor's own. `update` is what XState itself ends a transition with: it
 * also tells observers and inspectors.
 *
 * @throws Error where a new version of XState lacks it
 */
export function replaceSnapshot(ref: AnyActorRef, snapshot: Snapshot<unknown>): void {
  const update: unknown = Reflect.get(ref, 'update');
  if (typeof update !== 'function')
    throw new Error('XState has changed: there is no function `update` any more');
  Reflect.apply(update, ref, [snapshot, { type: 'sys.replaceState' }]);
}
