import type { AnyActorRef } from 'xstate';
import type { Standing } from '../../src/core/inspect.ts';
import { sys } from '../../src/runtime/index.ts';
import type { Show } from './show.ts';

/** Where an actor with a statechart stands; undefined for any other. */
export function standingOf(ref: AnyActorRef, show: Show, now: number): Standing | undefined {
  const live = sys.machineOf(ref);
  if (!live) return undefined;
  return {
    active: sys.activeStates(live),
    context: show.object(live.snapshot.context),
    timers: sys.pendingTimers(ref, now),
    next: sys.nextTransitions(live),
  };
}
