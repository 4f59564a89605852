import type { AnyActorRef } from 'xstate';
import type { LiveMachine } from './process.ts';

const lives = new WeakMap<AnyActorRef, () => LiveMachine | undefined>();

export function setLive(ref: AnyActorRef, live: () => LiveMachine | undefined): void {
  lives.set(ref, live);
}

/** The statechart behind a durable actor; undefined for any other, and before it has come to life. */
export const liveOf = (ref: AnyActorRef): LiveMachine | undefined => lives.get(ref)?.();
