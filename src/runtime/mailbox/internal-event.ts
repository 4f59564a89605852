import type { EventObject } from 'xstate';
import { SHUTDOWN_EVENT } from '../supervisor/supervisor-logic.ts';

/** XState's own events: a child is done, a timer fired. */
export function isXStateEvent(event: EventObject): boolean {
  return event.type.startsWith('xstate.');
}

/** The runtime's own: told once, to this incarnation, however full its mailbox is. */
const SIGNALS: ReadonlySet<string> = new Set([SHUTDOWN_EVENT.type, 'monitor.down', 'link.exit']);

/** Events that are part of how actors work, not messages: never refused, never handed on, never dead letters. */
export function isInternal(event: EventObject): boolean {
  return isXStateEvent(event) || SIGNALS.has(event.type);
}
