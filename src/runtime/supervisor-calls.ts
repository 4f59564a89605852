import type { AnyActorRef } from 'xstate';
import { err } from '../core/result.ts';
import type { ChildSpec } from './child-spec.ts';
import { supervisionOf } from './supervisor.ts';
import type { DeleteResult, RestartResult, StartResult, SupervisorEvent } from './supervisor-logic.ts';

/** One child, as its supervisor sees it. */
export interface ChildInfo {
  readonly id: string;
  /** The live incarnation, if there is one. */
  readonly ref: AnyActorRef | undefined;
  readonly type: 'worker' | 'supervisor';
  readonly state: 'waiting' | 'starting' | 'running' | 'stopping' | 'stopped';
}

export interface ChildCounts {
  /** Children known, running or not. */
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

const SHUTTING_DOWN = err({ kind: 'shutting-down' } as const);

/**
 * Adds a child and starts it; resolves when it is ready.
 *
 * Errors: `already-started` (with its `ref`, ready), `already-present` (known, but stopped or about to be restarted),
 * `start-failed` (with the `reason`; the child is forgotten), `shutting-down` (the supervisor is, or ends meanwhile).
 */
export function startChild(supervisor: AnyActorRef, spec: ChildSpec): Promise<StartResult> {
  return ask<StartResult>(supervisor, SHUTTING_DOWN, (reply) => ({
    type: 'supervisor.startChild',
    spec,
    reply,
  }));
}

/** Starts a child again that is stopped; resolves when it is ready. After `start-failed` it stays known and stopped. */
export function restartChild(supervisor: AnyActorRef, id: string): Promise<RestartResult> {
  return ask<RestartResult>(supervisor, SHUTTING_DOWN, (reply) => ({
    type: 'supervisor.restartChild',
    id,
    reply,
  }));
}

/**
 * Stops a child and resolves once it has ended; a pending restart is cancelled. Its specification stays, unless it is
 * temporary. Resolves false where no child has that id.
 */
export function terminateChild(supervisor: AnyActorRef, id: string): Promise<boolean> {
  return ask<boolean>(supervisor, true, (reply) => ({ type: 'supervisor.terminateChild', id, reply }));
}

/** Forgets a child that is stopped. */
export function deleteChild(supervisor: AnyActorRef, id: string): Promise<DeleteResult> {
  return ask<DeleteResult>(supervisor, SHUTTING_DOWN, (reply) => ({
    type: 'supervisor.deleteChild',
    id,
    reply,
  }));
}

/** In start order. None where the supervisor has ended. */
export function whichChildren(supervisor: AnyActorRef): readonly ChildInfo[] {
  const children = supervisionOf(supervisor)?.children.values() ?? [];
  return [...children].map(({ spec, ref, state }) => ({ id: spec.id, ref, type: spec.type, state }));
}

export function countChildren(supervisor: AnyActorRef): ChildCounts {
  const children = whichChildren(supervisor);
  const supervisors = children.filter(({ type }) => type === 'supervisor').length;
  return {
    specs: children.length,
    active: children.filter(({ ref }) => ref !== undefined).length,
    supervisors,
    workers: children.length - supervisors,
  };
}

/** Resolves with the supervisor's reply, or with `orElse` where it has ended or ends before it replies. */
function ask<T>(
  supervisor: AnyActorRef,
  orElse: T,
  request: (reply: (answer: T) => void) => SupervisorEvent,
): Promise<T> {
  if (!supervisionOf(supervisor)) throw new Error(`${supervisor.id} is not a running supervisor`);
  if (supervisor.getSnapshot().status !== 'active') return Promise.resolve(orElse);
  return new Promise((resolve) => {
    const ended = () => resolve(orElse);
    const subscription = supervisor.subscribe({ complete: ended, error: ended });
    const reply = (answer: T) => {
      subscription.unsubscribe();
      resolve(answer);
    };
    supervisor.send(request(reply));
  });
}
