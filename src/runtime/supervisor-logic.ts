import type { ActorLogic, AnyActorRef } from 'xstate';
import type { Result } from '../core/result.ts';
import type { NotStarted } from './child.ts';
import type { ChildSpec } from './child-spec.ts';
import type { ExitReason } from './exit.ts';

export type SupervisorLogic = ActorLogic<SupervisorSnapshot, SupervisorEvent>;

/** What an observer of a supervisor sees. Its children are not in it: ask `whichChildren` or `tree()`. */
export type SupervisorSnapshot = {
  readonly state: SupervisorState;
} & (
  | { status: 'active'; output: undefined; error: undefined }
  | { status: 'done'; output: undefined; error: undefined }
  | { status: 'error'; output: undefined; error: unknown }
  | { status: 'stopped'; output: undefined; error: undefined }
);

export type SupervisorState = 'starting' | 'running' | 'stopping' | 'stopped';

/** Asks a graceful actor to end. */
export interface ShutdownEvent {
  readonly type: 'supervisor.shutdown';
}

export const SHUTDOWN_EVENT: ShutdownEvent = { type: 'supervisor.shutdown' };

/** Everything a supervisor does happens while it handles one of these, one after the other. */
export type SupervisorEvent =
  | ShutdownEvent
  | { readonly type: 'supervisor.begin' }
  | { readonly type: 'supervisor.resume' }
  | { readonly type: 'supervisor.ready'; readonly id: string; readonly ref: AnyActorRef }
  | { readonly type: 'supervisor.overdue'; readonly id: string; readonly ref: AnyActorRef }
  | {
      readonly type: 'supervisor.exited';
      readonly id: string;
      readonly ref: AnyActorRef;
      readonly exit: ExitReason;
    }
  | {
      readonly type: 'supervisor.startChild';
      readonly spec: ChildSpec;
      readonly reply: (result: StartResult) => void;
    }
  | {
      readonly type: 'supervisor.restartChild';
      readonly id: string;
      readonly reply: (result: RestartResult) => void;
    }
  | {
      readonly type: 'supervisor.terminateChild';
      readonly id: string;
      readonly reply: (known: boolean) => void;
    }
  | {
      readonly type: 'supervisor.deleteChild';
      readonly id: string;
      readonly reply: (result: DeleteResult) => void;
    }
  | { readonly type: 'xstate.stop' };

export type StartResult = Result<
  AnyActorRef,
  | NotStarted
  | { readonly kind: 'already-started'; readonly ref: AnyActorRef }
  | { readonly kind: 'already-present' }
>;

export type RestartResult = Result<AnyActorRef, NotStarted | NotStopped>;

export type DeleteResult = Result<undefined, NotStopped>;

/** Why a child cannot be started again, or forgotten, now. */
export type NotStopped = { readonly kind: 'running' | 'restarting' | 'not-found' | 'shutting-down' };

const supervisors = new WeakSet<object>();

export function markAsSupervisor(logic: SupervisorLogic): SupervisorLogic {
  supervisors.add(logic);
  return logic;
}

export function isSupervisorLogic(logic: object): boolean {
  return supervisors.has(logic);
}

/** Whether a supervisor's static children have all started. */
export function isSupervisorReady(snapshot: unknown): boolean {
  return snapshot instanceof Object && 'state' in snapshot && snapshot.state === 'running';
}
