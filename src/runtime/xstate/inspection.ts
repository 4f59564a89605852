import type { AnyActorRef, InspectionEvent } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import { contextOf } from '../context.ts';
import { systemInternals } from './internals.ts';

type Watch = (event: InspectionEvent) => void;

/**
 * Inspectors of a system are kept here instead of in XState, which does not guard them, and copies each event for them:
 * it was made for nobody else, so what is missing is added to it.
 */
export function adoptInspectors(root: AnyActorRef): void {
  const { system, sessionId: rootId } = root;
  const { report } = contextOf(system);
  const onError = (error: Error): void => report({ type: 'listener_error', error });
  // Those that were there as the root was made.
  const tellFirst = systemInternals(system)._sendInspectionEvent;
  let watches: readonly Watch[] = [];
  system.inspect = (inspector) => {
    const next = typeof inspector === 'function' ? inspector : inspector.next?.bind(inspector);
    const watch = guardInspector(next ?? (() => {}), onError);
    watches = [...watches, watch];
    return {
      unsubscribe: () => {
        watches = watches.filter((other) => other !== watch);
      },
    };
  };
  systemInternals(system)._sendInspectionEvent = (event) => {
    tellFirst(event);
    if (watches.length === 0) return;
    const seen = Object.assign(event, { rootId });
    for (const watch of watches) watch(seen);
  };
}

/**
 * An inspector that throws would leave an actor believing for ever that it is busy: XState does not guard these
 * calls.
 */
export function guardInspector<E>(
  inspect: (event: E) => void,
  onError: (error: Error) => void,
): (event: E) => void {
  return (event) => {
    try {
      inspect(event);
    } catch (thrown) {
      onError(coerceError(thrown));
    }
  };
}
