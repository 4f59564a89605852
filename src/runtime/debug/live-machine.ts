import { type AnyActorRef, type EventObject, getNextTransitions, isMachineSnapshot } from 'xstate';
import type { NextTransition, SeenTimer } from '../../core/inspect.ts';
import { liveOf } from '../durable/live.ts';
import type { LiveMachine } from '../durable/process.ts';
import { mailboxOf, schedulerOf } from '../xstate/index.ts';
import { chartOf, transitionId } from './chart.ts';
import { afterLabel, isAfter } from './chart-names.ts';

/** The statechart that an actor runs, be it the actor itself or what a durable actor decides by. */
export function machineOf(ref: AnyActorRef): LiveMachine | undefined {
  const snapshot: unknown = ref.getSnapshot();
  return isMachineSnapshot(snapshot) ? { machine: snapshot.machine, snapshot } : liveOf(ref);
}

/** Ids of the states it is in, outer ones first, as its chart has them. */
export const activeStates = ({ snapshot }: LiveMachine): readonly string[] =>
  chartOf(snapshot.machine)
    .states.map(({ id }) => id)
    .filter((id) => snapshot._nodes.some((node: { readonly id: string }) => node.id === id));

/** What could happen next, guards not asked. */
export function nextTransitions({ machine, snapshot }: LiveMachine): readonly NextTransition[] {
  const ids = new Set(getNextTransitions(snapshot).map((definition) => transitionId(machine, definition)));
  return chartOf(machine)
    .transitions.filter(({ id, kind }) => kind !== 'always' && ids.has(id))
    .map(({ id, event, label, guard, targets }) => ({ transition: id, event, label, guard, targets }));
}

/**
 * Delayed events that an actor waits for, the next first.
 *
 * @param now milliseconds since 1970
 */
export function pendingTimers(ref: AnyActorRef, now: number): readonly SeenTimer[] {
  const scheduler = schedulerOf(ref.system);
  const ahead = now - scheduler.now();
  return scheduler
    .pending(ref)
    .map(({ id, event: { type }, setAt, dueAt }) => ({
      id,
      label: isAfter(type) ? afterLabel(type) : type,
      event: type,
      setAt: Math.round(setAt + ahead),
      dueAt: Math.round(dueAt + ahead),
    }))
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** What waits in an actor's mailbox, oldest first; nothing where it has none. */
export const waitingEvents = (ref: AnyActorRef): readonly EventObject[] => mailboxOf(ref)?.waiting() ?? [];
