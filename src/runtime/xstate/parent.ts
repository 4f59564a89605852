import type { AnyActorRef } from 'xstate';
import { internals } from './internals.ts';

/** The actor that made this one; none for a root. XState types it, but documents no way to it. */
export function parentOf(ref: AnyActorRef): AnyActorRef | undefined {
  return internals(ref)._parent;
}
