import type { AnyActorRef } from 'xstate';
import type { Result } from '../../core/result.ts';
import type { InvalidSpec } from './check-specs.ts';
import type { NotStarted, StartedChild } from './child.ts';
import type { Name, ResolvedChildSpec } from './child-spec.ts';
import type { SupervisorFlags } from './supervisor-flags.ts';

/** What may be asked of a supervisor, each with whom to answer. Specifications have been checked by then. */
export type SupervisorCall =
  | { readonly ask: 'startChild'; readonly spec: ResolvedChildSpec; readonly reply: Reply<StartResult> }
  | {
      readonly ask: 'startInstance';
      readonly input: unknown;
      readonly as: InstanceOptions;
      readonly reply: Reply<StartResult>;
    }
  | { readonly ask: 'restartChild'; readonly id: string; readonly reply: Reply<RestartResult> }
  | { readonly ask: 'terminateChild'; readonly id: string; readonly reply: Reply<TerminateResult> }
  | { readonly ask: 'terminateInstance'; readonly ref: AnyActorRef; readonly reply: Reply<TerminateResult> }
  | { readonly ask: 'deleteChild'; readonly id: string; readonly reply: Reply<DeleteResult> }
  | {
      readonly ask: 'reconfigure';
      /** Undefined: what the supervisor's own `init` says now. */
      readonly flags: SupervisorFlags | undefined;
      readonly reply: Reply<ReconfigureResult>;
    };

/** What tells an instance from the others of its template. */
export interface InstanceOptions {
  /** Its place in the tree; unique among the instances. Default: the template's id and a number. */
  readonly id?: string;
  /** Default: the template's. */
  readonly name?: Name;
}

export type Reply<T> = (result: T) => void;

/** The supervisor has ended, or is ending: OTP's `noproc`. */
export interface NoSupervisor {
  readonly kind: 'noproc';
}

export type StartResult = Result<
  StartedChild,
  | NotStarted
  | { readonly kind: 'already-started'; readonly ref: AnyActorRef }
  | { readonly kind: 'already-present' }
  | { readonly kind: 'invalid-spec'; readonly reason: InvalidSpec }
  | WrongKind
>;

export type RestartResult = Result<StartedChild, NotStarted | NotStopped>;

export type TerminateResult = Result<undefined, { readonly kind: 'not-found' } | WrongKind | NoSupervisor>;

export type DeleteResult = Result<undefined, NotStopped>;

export type ReconfigureResult = Result<
  undefined,
  { readonly kind: 'invalid-spec'; readonly reason: Error } | NoSupervisor
>;

/** Why a child cannot be started again, or forgotten, now. */
export type NotStopped = { readonly kind: 'running' | 'restarting' | 'not-found' } | WrongKind | NoSupervisor;

/** Instances are known by their reference, all other children by their id; the call is for the other kind. */
export interface WrongKind {
  readonly kind: 'simple-one-for-one' | 'not-simple-one-for-one';
}
