import type { AnyActorRef } from 'xstate';

/** XState's own event that stops an actor. */
export const STOP = { type: 'xstate.stop' };

/** `_processingStatus` of an actor that takes no more events. */
const STOPPED = 2;

/** Whether an actor takes no more events. */
export function isDeaf(ref: AnyActorRef): boolean {
  return Reflect.get(ref, '_processingStatus') === STOPPED;
}

/** A method that XState does not document, bound to its owner. Throws where a new version has none of that name. */
export function internal(owner: object, member: string): (...args: unknown[]) => unknown {
  const found: unknown = Reflect.get(owner, member);
  if (typeof found !== 'function') throw new Error(`XState has changed: there is no \`${member}\` any more`);
  return (...args) => Reflect.apply(found, owner, args);
}
