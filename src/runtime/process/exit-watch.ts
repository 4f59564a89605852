import type { AnyActorRef } from 'xstate';
import { isDeaf, onExit } from '../xstate/index.ts';
import type { ExitReason } from './exit.ts';

type Told = (reason: ExitReason) => void;

const watchers = new WeakMap<AnyActorRef, Set<Told>>();

/**
 * Calls back once when the actor has ended, on its stack, after its registered name is free. An actor has one
 * subscription however many watch it, so that a watch that is over leaves nothing behind on an actor that lives long.
 *
 * @returns takes the watch off again; undefined where the actor has ended already
 */
export function watchExit(ref: AnyActorRef, told: Told): (() => void) | undefined {
  if (isDeaf(ref)) return undefined;
  const watching = watchers.get(ref) ?? subscribe(ref);
  watching.add(told);
  return () => {
    watching.delete(told);
  };
}

function subscribe(ref: AnyActorRef): Set<Told> {
  const watching = new Set<Told>();
  watchers.set(ref, watching);
  onExit(ref, (reason) => announceExit(ref, reason));
  return watching;
}

/** Tells those who watch it. A supervisor does so before it acts on the exit itself: ends are told in order. */
export function announceExit(ref: AnyActorRef, reason: ExitReason): void {
  const watching = watchers.get(ref) ?? [];
  watchers.delete(ref);
  for (const told of watching) told(reason);
}
