import type { EventObject } from 'xstate';

const claims = new WeakMap<EventObject, () => boolean>();

/**
 * An event may be about something that is over by the time its turn comes. Its claim is asked then, once; false drops
 * the event. Only for event objects that are delivered once.
 */
export function setClaim(event: EventObject, claim: () => boolean): void {
  claims.set(event, claim);
}

/** Whether an event whose turn has come still means something. */
export function isCurrent(event: EventObject): boolean {
  return claims.get(event)?.() ?? true;
}
