import type { AnyActorRef } from 'xstate';
import type { Result } from '../core/result.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import type { ExitReason } from './exit.ts';

/** A supervisor's record of one child. It outlives the child's incarnations. */
export interface Child {
  readonly spec: ResolvedChildSpec;
  readonly path: string;
  /**
   * `waiting`: to be started; `starting`: not ready yet; `stopping`: told to end; `stopped`: not running and not
   * meant to.
   */
  state: 'waiting' | 'starting' | 'running' | 'stopping' | 'stopped';
  /** The live incarnation: present while starting, running or stopping. Events of any other are ignored. */
  ref: AnyActorRef | undefined;
  incarnation: number;
  restarts: number;
  lastExit: ExitReason | undefined;
  /** When the live incarnation was started, on the runtime's clock. */
  startedAt: number;
  /** Who wants the present start; decides what its failure means. */
  start: 'first' | 'called' | 'recalled' | 'restart';
  /** What becomes of it once it has ended; set when its end is wanted. */
  fate: 'restart' | 'rest' | 'forget' | undefined;
  deadline: unknown;
  /** Told once it has started, or has not. */
  onStarted: ((result: Started) => void)[];
  /** Told once it has stopped. */
  onStopped: (() => void)[];
}

export type Started = Result<AnyActorRef, NotStarted>;

export type NotStarted =
  | { readonly kind: 'start-failed'; readonly reason: Error }
  | { readonly kind: 'shutting-down' };

export function createRecord(spec: ResolvedChildSpec, path: string, start: Child['start']): Child {
  return {
    spec,
    path,
    state: 'waiting',
    ref: undefined,
    incarnation: 0,
    restarts: 0,
    lastExit: undefined,
    start,
    fate: undefined,
    startedAt: 0,
    deadline: undefined,
    onStarted: [],
    onStopped: [],
  };
}

export function isLive(child: Child): boolean {
  return child.ref !== undefined;
}

/** What becomes of a child whose siblings are restarted: a temporary one goes for good. */
export function fateOfBystander(child: Child): 'restart' | 'forget' {
  return child.spec.restart === 'temporary' ? 'forget' : 'restart';
}

/** What becomes of a child that is stopped on request: its specification stays, except a temporary one's. */
export function fateOfTerminated(child: Child): 'rest' | 'forget' {
  return child.spec.restart === 'temporary' ? 'forget' : 'rest';
}

export function tellStarted(child: Child, result: Started): void {
  for (const tell of child.onStarted.splice(0)) tell(result);
}

export function tellStopped(child: Child): void {
  for (const tell of child.onStopped.splice(0)) tell();
}
