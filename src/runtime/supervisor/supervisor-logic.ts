import type { ActorLogic, AnyActorRef } from 'xstate';
import type { ExitReason } from '../process/exit.ts';
import type { Child } from './child.ts';
import type { SupervisorCall } from './supervisor-call.ts';

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
  /** It is time to start a child again. `counted`: as one of the restarts that the budget allows. */
  | { readonly type: 'supervisor.retry'; readonly child: Child; readonly counted: boolean }
  | { readonly type: 'supervisor.ready'; readonly child: Child; readonly ref: AnyActorRef }
  | { readonly type: 'supervisor.overdue'; readonly child: Child; readonly ref: AnyActorRef }
  | {
      readonly type: 'supervisor.exited';
      readonly child: Child;
      readonly ref: AnyActorRef;
      readonly exit: ExitReason;
    }
  | { readonly type: 'supervisor.called'; readonly call: SupervisorCall }
  | { readonly type: 'xstate.stop' };

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
