import type { AnyActorRef } from 'xstate';
import type { Result } from '../../core/result.ts';
import type { ExitReason } from '../process/exit.ts';
import type { ResolvedChildSpec } from './child-spec.ts';

/** A supervisor's record of one child. It outlives the child's incarnations. */
export interface Child {
  /** Replaced where the supervisor is reconfigured. */
  spec: ResolvedChildSpec;
  readonly path: string;
  /**
   * `waiting`: to be started; `starting`: not ready yet; `stopping`: told to end; `stopped`: not running and not
   * meant to.
   */
  state: 'waiting' | 'starting' | 'running' | 'stopping' | 'stopped';
  /** The live incarnation: present while starting, running or stopping. Events of any other are ignored. */
  ref: AnyActorRef | undefined;
  /** Its last incarnation, by which an instance of a `simple_one_for_one` supervisor is known. */
  handle: AnyActorRef | undefined;
  incarnation: number;
  restarts: number;
  lastExit: ExitReason | undefined;
  /** When the live incarnation was started, on the runtime's clock. */
  startedAt: number;
  /** Restarts in a row that waited; see `Backoff`. */
  backoffs: number;
  /** Who wants the present start; decides what its failure means. */
  start: 'first' | 'called' | 'recalled' | 'restart';
  /** What becomes of it once it has ended; set when its end is wanted. */
  fate: 'restart' | 'rest' | 'forget' | undefined;
  /** Calls off what is to happen to it by itself: its kill, once it must have ended, or its restart. */
  deadline: (() => void) | undefined;
  /** Told once it has started, or has not. */
  onStarted: ((result: Started) => void)[] | undefined;
  /** Told once it has stopped. */
  onStopped: (() => void)[] | undefined;
}

export interface StartedChild {
  /** Undefined where the child ignored its start. */
  readonly ref: AnyActorRef | undefined;
  /** What its specification's `info` makes of the snapshot it was ready with. */
  readonly info?: unknown;
}

export type Started = Result<StartedChild, NotStarted>;

export type NotStarted =
  | { readonly kind: 'start-failed'; readonly reason: Error }
  | { readonly kind: 'noproc' };

export function createRecord(spec: ResolvedChildSpec, path: string, start: Child['start']): Child {
  return {
    spec,
    path,
    state: 'waiting',
    ref: undefined,
    handle: undefined,
    incarnation: 0,
    restarts: 0,
    lastExit: undefined,
    startedAt: 0,
    backoffs: 0,
    start,
    fate: undefined,
    deadline: undefined,
    onStarted: undefined,
    onStopped: undefined,
  };
}

export function isLive(child: Child): boolean {
  return child.ref !== undefined;
}

/** Whether it ended, or failed to come back, and is to be started again. */
export function isRestarting(child: Child): boolean {
  return child.state === 'waiting' && child.start === 'restart';
}

export function whenStarted(child: Child, tell: (result: Started) => void): void {
  child.onStarted = [...(child.onStarted ?? []), tell];
}

export function whenStopped(child: Child, tell: () => void): void {
  child.onStopped = [...(child.onStopped ?? []), tell];
}

export function tellStarted(child: Child, result: Started): void {
  const listeners = child.onStarted ?? [];
  child.onStarted = undefined;
  for (const tell of listeners) tell(result);
}

export function tellStopped(child: Child): void {
  const listeners = child.onStopped ?? [];
  child.onStopped = undefined;
  for (const tell of listeners) tell();
}
