import type { AnyActorRef, EventObject } from 'xstate';
import { contextOf } from '../context.ts';
import { setClaim } from '../mailbox/claim.ts';
import { isInternal, isXStateEvent } from '../mailbox/internal-event.ts';
import type { Admission, OnAdmitted } from '../mailbox/message-queue.ts';
import { childrenOf, releaseCrashed } from './actor.ts';
import { ActorMailbox } from './actor-mailbox.ts';
import { internals, isDeaf, systemInternals } from './internals.ts';

/**
 * Takes an event from one actor to another; `system._relay` of XState, through which all events go, is replaced by
 * it. Here we see an actor inside of a machine fail, which XState tells nobody but that machine, and events to actors
 * that have ended, which it drops in silence.
 *
 * @param source the sender, which an inspector needs to draw an arrow
 * @param onAdmitted told later where the result is `parked`, otherwise never
 */
export function relay(
  source: AnyActorRef | undefined,
  target: AnyActorRef,
  event: EventObject,
  onAdmitted?: OnAdmitted,
): Admission {
  const isOwn = isXStateEvent(event);
  if (isOwn && source && event.type.startsWith('xstate.error.actor.')) releaseCrashed(source);
  if (isDeaf(target)) return unheard(target, event);
  const { _sendInspectionEvent: inspect } = systemInternals(target.system);
  inspect({ type: '@xstate.event', sourceRef: source, actorRef: target, event });
  const { mailbox } = internals(target);
  if (mailbox instanceof ActorMailbox) {
    if (isOwn) claimChildEnd(target, event);
    return mailbox.accept(event, onAdmitted);
  }
  internals(target)._send(event);
  return 'admitted';
}

function unheard(target: AnyActorRef, event: EventObject): Admission {
  if (isInternal(event)) return 'refused';
  const { paths, report } = contextOf(target.system);
  const receiver = paths.get(target) ?? target.id;
  report({ type: 'dead_letter', receiver, event, reason: 'receiver-stopped' });
  return 'refused';
}

/**
 * XState handles a child's end at once, so it never asks whether it is still current. Behind our mailbox the machine
 * may meanwhile have left the state that the child belonged to, and even entered it anew with a child of that id.
 */
function claimChildEnd(parent: AnyActorRef, event: EventObject): void {
  if (!isChildEnd(event)) return;
  const { actorId } = event;
  const child = childrenOf(parent)[actorId];
  if (child) setClaim(event, () => childrenOf(parent)[actorId] === child);
}

function isChildEnd(event: EventObject): event is EventObject & { actorId: string } {
  const ended = event.type.startsWith('xstate.done.actor.') || event.type.startsWith('xstate.error.actor.');
  return ended && 'actorId' in event && typeof event.actorId === 'string';
}
