import type { AnyActorLogic, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { ProgressLimit } from '../supervisor/child-spec.ts';

/** What the actor does, apart from its life: pure decisions and the commit. */
export interface DurableProcess<E extends EventObject, F extends Fact<E> = Fact<E>> {
  /** The state it is in, for people. */
  readonly state: string;
  /** The statechart behind it, where it stands now. */
  readonly live?: LiveMachine | undefined;
  /** What there is to do on coming to life: facts to take in and effects to carry out (again). */
  begin(): Continuation<F> | Promise<Continuation<F>>;
  /** Takes one fact in and commits what follows. Resolves when it is on disk; rejects when it could not be. */
  step(fact: F): Promise<Continuation<F>>;
  /** Wraps an event that another actor sent. */
  factOf(event: E): F;
  /** The child that carried out this effect died. Rejects where nothing is to be done but to fail. */
  effectDied(effectId: string, error: unknown): Continuation<F> | Promise<Continuation<F>>;
}

/** An event, with whatever belongs into the commit that takes it in. */
export interface Fact<E extends EventObject> {
  readonly event: E;
  /** The effect whose outcome it is. */
  readonly effectId?: string;
}

/** What comes next. */
export interface Continuation<F> {
  /** Taken in before anything that waits. */
  readonly facts?: readonly F[];
  readonly effects?: readonly Effect[];
  /** Effects that nobody waits for any more; their actors are stopped. */
  readonly dropped?: readonly string[];
  readonly done?: boolean;
  /** What the commit was about, for inspectors. */
  readonly moved?: Moved;
}

/** A statechart and where it stands. */
export interface LiveMachine {
  readonly machine: AnyStateMachine;
  readonly snapshot: AnyMachineSnapshot;
}

/** One step of a statechart that was committed. */
export interface Moved {
  readonly event: EventObject;
  readonly before: AnyMachineSnapshot;
  readonly after: AnyMachineSnapshot;
}

/** An effect to carry out. The output of `logic` is a `Fact`. */
export interface Effect {
  readonly effectId: string;
  /** The child's id among its siblings, for people, for example `model-call`. */
  readonly actorId: string;
  readonly logic: AnyActorLogic;
  readonly input: unknown;
  /** A child without progress for that long has hung: it is stopped, what it still says is ignored, and it died. */
  readonly progress?: ProgressLimit;
}
