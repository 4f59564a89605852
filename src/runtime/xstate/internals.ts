import type { AnyActorRef, EventObject, InspectionEvent } from 'xstate';
import type { System } from '../context.ts';

/** XState's own event that stops an actor. */
export const STOP = { type: 'xstate.stop' };

/** `_processingStatus` of an actor that takes no more events. */
const STOPPED = 2;

/** What `send` puts events into, and what hands them to the logic. */
export interface XStateMailbox {
  start(): void;
  clear(): void;
  enqueue(event: EventObject): void;
}

/** The members of an actor that XState does not document. */
interface ActorInternals {
  readonly _processingStatus: number;
  readonly _parent: AnyActorRef | undefined;
  readonly _actorScope: unknown;
  readonly logic: unknown;
  _snapshot: unknown;
  mailbox: XStateMailbox;
  _error(error: unknown): void;
  /** Runs an event through the logic, at once. */
  _process(event: EventObject): void;
  /** Puts an event into the mailbox, unless the actor has ended. */
  _send(event: EventObject): void;
  /** Ends a transition: takes the snapshot over and tells observers and inspectors. */
  update(snapshot: unknown, event: EventObject): void;
}

/** As it is made; the system says whose tree it is about. */
type UnaddressedInspection = InspectionEvent extends infer One
  ? One extends InspectionEvent
    ? Omit<One, 'rootId'>
    : never
  : never;

/** The members of an actor system that XState does not document. */
interface SystemInternals {
  _relay(source: AnyActorRef | undefined, target: AnyActorRef, event: EventObject): void;
  _sendInspectionEvent: (event: UnaddressedInspection) => void;
  /** Called by each actor as it starts. */
  _register: (sessionId: string, ref: AnyActorRef) => string;
}

const ACTOR_MEMBERS = {
  _processingStatus: 'number',
  _actorScope: 'object',
  mailbox: 'object',
  _error: 'function',
  _process: 'function',
  _send: 'function',
  update: 'function',
};

export function internals(ref: AnyActorRef): ActorInternals {
  // All actors are of one class, and `checkActor` has looked at one: to look again at every event would cost more
  // than the event.
  return ref as AnyActorRef & ActorInternals;
}

export function systemInternals(system: System): SystemInternals {
  // `checkSystem` has looked.
  return system as System & SystemInternals;
}

/** @throws Error where a new version of XState lacks a member of an actor */
export function checkActor(ref: AnyActorRef): void {
  checkMembers(ref, ACTOR_MEMBERS);
}

/** @throws Error where a new version of XState lacks a member of an actor system */
export function checkSystem(system: System): void {
  checkMembers(system, {
    _relay: 'function',
    _register: 'function',
    _sendInspectionEvent: 'function',
    scheduler: 'object',
  });
}

/** Whether an actor takes no more events. */
export function isDeaf(ref: AnyActorRef): boolean {
  return internals(ref)._processingStatus === STOPPED;
}

function checkMembers(owner: object, members: Readonly<Record<string, string>>): void {
  for (const [member, type] of Object.entries(members)) {
    if (typeof Reflect.get(owner, member) === type) continue;
    throw new Error(`XState has changed: there is no ${type} \`${member}\` any more`);
  }
}
